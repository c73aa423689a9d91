public import ReinforcementLearning

/// The classic control problems: small physics with known equations.
public enum Control {
  /// What the catalog lists of this family.
  public static var environments: [EnvironmentListing] {
    [
      EnvironmentListing(
        "control/CartPole", CartPole.self, configuration: CartPole.Configuration(), aliases: ["CartPole-v1"],
        summary: "balance a pole on a cart by pushing the cart left and right"),
      EnvironmentListing(
        "control/MountainCar", MountainCar.self, configuration: MountainCar.Configuration(),
        aliases: ["MountainCar-v0"], summary: "swing a weak car out of a valley up to the flag"),
      EnvironmentListing(
        "control/MountainCarContinuous", MountainCarContinuous.self,
        configuration: MountainCarContinuous.Configuration(),
        aliases: ["MountainCarContinuous-v0"], summary: "the mountain car with a throttle that costs"),
      EnvironmentListing(
        "control/Acrobot", Acrobot.self, configuration: Acrobot.Configuration(), aliases: ["Acrobot-v1"],
        summary: "swing the tip of two links up with a motor between them"),
      EnvironmentListing(
        "control/Pendulum", Pendulum.self, configuration: Pendulum.Configuration(), aliases: ["Pendulum-v1"],
        summary: "swing a pendulum up with a weak motor and hold it there"),
    ]
  }
}
