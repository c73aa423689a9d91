@testable import Search
import ReinforcementLearning
import Testing

@Suite("Search tree") struct SearchTreeTests {
  @Test("a new tree has a root without edges, visits or a proven value")
  func newTree() {
    let tree = SearchTree(nodes: 1, edges: 1)
    #expect(tree.nodeCount == 1)
    #expect(tree.edges(of: 0).isEmpty)
    #expect(tree.node(0).pointee.visits == 0)
    #expect(!tree.node(0).pointee.isProven)
    #expect(tree.node(0).pointee.parent == -1)
  }

  @Test("edges of a node begin at a multiple of eight, and the room behind them can never be chosen")
  func alignment() {
    let tree = SearchTree(nodes: 4, edges: 8)
    #expect(tree.expand(0, count: 3) == 0)
    let child = tree.addNode(parent: 0, edge: 1)
    #expect(tree.expand(child, count: 9) == 8)
    #expect(tree.edges(of: child) == 8..<17)
    let memory = tree.memory.pointee
    #expect((0..<3).allSatisfy { memory.means[$0] == 0 })
    #expect((3..<8).allSatisfy { memory.means[$0] == -.infinity })
    #expect((17..<24).allSatisfy { memory.means[$0] == -.infinity })
  }

  @Test("a tree that outgrows its room keeps every number")
  func growth() {
    let tree = SearchTree(nodes: 1, edges: 8, vectorWidth: 2)
    var node = 0
    for depth in 0..<100 {
      let edge = tree.expand(node, count: 2) + 1
      tree.memory.pointee.totals[edge] = Double(depth)
      tree.memory.pointee.vectors[2 * edge + 1] = Float(depth)
      node = tree.addNode(parent: node, edge: edge)
    }
    #expect(tree.nodeCount == 101)
    for depth in stride(from: 99, through: 0, by: -1) {
      let edge = Int(tree.node(node).pointee.parentEdge)
      #expect(tree.memory.pointee.totals[edge] == Double(depth))
      #expect(tree.memory.pointee.vectors[2 * edge + 1] == Float(depth))
      #expect(Int(tree.memory.pointee.children[edge]) == node)
      node = Int(tree.node(node).pointee.parent)
    }
    #expect(node == 0)
  }

  @Test("edges added one by one move together, and their children follow them")
  func widening() {
    let tree = SearchTree(nodes: 1, edges: 8, vectorWidth: 1)
    for number in 0..<20 {
      let edge = tree.appendEdge(to: 0)
      tree.memory.pointee.vectors[edge] = Float(number)
      tree.memory.pointee.visits[edge] = Int32(number)
      _ = tree.addNode(parent: 0, edge: edge)
    }
    let edges = tree.edges(of: 0)
    #expect(edges.count == 20)
    for (number, edge) in edges.enumerated() {
      #expect(tree.memory.pointee.vectors[edge] == Float(number))
      #expect(tree.memory.pointee.visits[edge] == Int32(number))
      let child = Int(tree.memory.pointee.children[edge])
      #expect(child == number + 1)
      #expect(Int(tree.node(child).pointee.parentEdge) == edge)
    }
  }

  @Test("a cleared tree is as new")
  func clearing() {
    let tree = SearchTree(nodes: 2, edges: 8)
    tree.node(0).pointee.visits = 5
    _ = tree.addNode(parent: 0, edge: tree.expand(0, count: 2))
    tree.clear()
    #expect(tree.nodeCount == 1)
    #expect(tree.node(0).pointee.visits == 0)
    #expect(tree.edges(of: 0).isEmpty)
    #expect(tree.expand(0, count: 1) == 0)
    #expect(tree.memory.pointee.children[0] == -1)
  }
}
