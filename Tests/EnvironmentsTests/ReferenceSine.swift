import Glibc

func referenceSine(_ x: Double) -> Double { Glibc.sin(x) }
func referenceCosine(_ x: Double) -> Double { Glibc.cos(x) }
