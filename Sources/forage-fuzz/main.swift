import CFuzzer
import Groundwork

#if canImport(Glibc)
  @preconcurrency import Glibc
#else
  @preconcurrency import Musl
#endif

// forage-fuzz PARSER [libFuzzer's arguments]     with libFuzzer, as `make fuzz` builds it
// forage-fuzz PARSER SEEDS SECONDS [FIRST]       without: mutations of the seeds, numbered from FIRST
// forage-fuzz                                    the names of the parsers

let words = CommandLine.arguments
guard words.count > 1 else {
  for parser in FuzzedParser.allCases { print(parser.rawValue) }
  exit(0)
}
let parser = FuzzedParser(rawValue: words[1]) ?? {
  fatalError("\(UserError.unknown("parser", words[1], among: FuzzedParser.allCases.map(\.rawValue)))")
}()
let scratch = "/dev/shm/forage-fuzz-\(getpid())"

if forage_has_fuzzer() != 0 {
  // Its own name, then what follows the parser's.
  var arguments = ([words[0]] + words.dropFirst(2)).map { strdup($0) } + [nil]
  let status = arguments.withUnsafeMutableBufferPointer { buffer in
    forage_fuzz(Int32(buffer.count - 1), buffer.baseAddress) { data, size in
      parser.run(Array(UnsafeBufferPointer(start: data, count: size)), scratch: "/dev/shm/forage-fuzz-\(getpid())")
      return 0
    }
  }
  exit(status)
}

guard words.count >= 4, let seconds = Double(words[3]) else { fatalError("forage-fuzz PARSER SEEDS SECONDS [FIRST]") }
let seeds = try Files.list(words[2]).map { try Files.read("\(words[2])/\($0)") }
guard !seeds.isEmpty else { fatalError("'\(words[2])' holds no seeds") }
for seed in seeds { parser.run(seed, scratch: scratch) }
let mutation = Mutation(seeds: seeds)
let first = words.count > 4 ? UInt64(words[4]) ?? 0 : 0
var number = first
var slowest = (seconds: 0.0, number: first)
let start = Clock.seconds
while Clock.seconds - start < seconds {
  // After a trap the file says which input it was.
  try Files.writeAtomically("\(number)\n", to: scratch + ".number")
  let before = Clock.seconds
  parser.run(mutation.input(number), scratch: scratch)
  let taken = Clock.seconds - before
  if taken > slowest.seconds { slowest = (taken, number) }
  precondition(taken < 10, "\(parser.rawValue): input \(number) takes \(taken) s")
  number += 1
}
print(
  "\(parser.rawValue): \(number - first) inputs from \(first), the slowest \(slowest.seconds) s (\(slowest.number))")
for ending in [".number", ".jsonl"] { try Files.remove(scratch + ending) }
