@main
struct Forage {
  static func main() {}
}
