/// The sine and the cosine of an angle, the same bits on every machine.
///
/// The C library's functions choose their instructions by processor and may differ in the last bit, which a
/// chaotic pendulum turns into another episode; this one is plain arithmetic in a fixed order. The error is
/// below one unit in the last place for |x| < 10^5. It is also what lets the compiler inline the physics.
///
/// Source: the reduction by a two-part pi/2 (Cody and Waite 1980) and the minimax coefficients that fdlibm
/// (Sun Microsystems 1993) publishes for [-pi/4, pi/4].
///
/// - Parameter x: Radians, finite, of a size below 10^5.
@inlinable @inline(__always) package func sineCosine(_ x: Double) -> (sine: Double, cosine: Double) {
  // The nearest multiple of pi/2 is taken away in two parts, whose rounding error is kept as `tail`.
  // Adding 1.5 * 2^52 rounds to an integer, which then stands in the low bits: `rounded()` would be a call.
  let shifted = x * 0.636_619_772_367_581_343_08 + 0x1.8p52
  let turns = shifted - 0x1.8p52
  let coarse = x - turns * 1.570_796_326_734_125_614_17
  let fine = turns * 6.077_100_506_506_192_249_32e-11
  let r = coarse - fine
  let tail = (coarse - r) - fine

  let z = r * r
  let s1 = -1.666_666_666_666_663_243_48e-01
  let sHigh =
    2.755_731_370_707_006_767_89e-06 + z * (-2.505_076_025_340_686_341_95e-08 + z * 1.589_690_995_211_550_102_21e-10)
  let s = 8.333_333_333_322_489_461_24e-03 + z * (-1.984_126_982_985_794_931_34e-04 + z * sHigh)
  let cube = z * r
  let sine = r - ((z * (0.5 * tail - cube * s) - tail) - cube * s1)

  let cHigh =
    -2.755_731_435_139_066_330_35e-07 + z * (2.087_572_321_298_174_827_90e-09 + z * -1.135_964_755_778_819_482_65e-11)
  let c =
    z
    * (4.166_666_666_666_660_190_37e-02 + z
      * (-1.388_888_888_887_410_957_49e-03 + z * (2.480_158_728_947_672_941_78e-05 + z * cHigh)))
  let half = 0.5 * z
  let rest = 1 - half
  let cosine = rest + (((1 - rest) - half) + (z * c - r * tail))

  switch shifted.bitPattern & 3 {
  case 0: return (sine, cosine)
  case 1: return (cosine, -sine)
  case 2: return (-sine, -cosine)
  default: return (-cosine, sine)
  }
}

/// The angle brought into [-pi, pi), as numpy's `((x + pi) % (2 * pi)) - pi` does.
@inlinable package func normalizedAngle(_ x: Double) -> Double {
  let remainder = (x + .pi).truncatingRemainder(dividingBy: 2 * .pi)
  return (remainder < 0 ? remainder + 2 * .pi : remainder) - .pi
}
