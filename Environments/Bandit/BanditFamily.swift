public import ReinforcementLearning

/// Bandits: where exploration can be checked against theory.
public enum BanditFamily {
  /// What the catalog lists of this family.
  public static let environments: [EnvironmentListing] = plain + structured + evolve

  private static var plain: [EnvironmentListing] {
    typealias Arms = ArmedBandit.Configuration
    return [
      EnvironmentListing(
        "bandit/Bernoulli", ArmedBandit.self, configuration: Arms(),
        summary: "ten arms that pay 1 or 0, one of them more often by a gap"),
      EnvironmentListing(
        "bandit/Gaussian", ArmedBandit.self,
        configuration: Arms {
          $0.rewards = .gaussian
          $0.gap = 1
        }, summary: "ten arms that pay a mean and noise, one of them more by a gap"),
      EnvironmentListing(
        "bandit/TenArmed", ArmedBandit.self,
        configuration: Arms {
          $0.rewards = .gaussian
          $0.prior = .normal
          $0.center = 0
        }, summary: "the ten-armed testbed: normal means, noise of deviation 1"),
      EnvironmentListing(
        "bandit/Uniform", ArmedBandit.self, configuration: Arms { $0.prior = .uniform },
        summary: "ten arms that pay 1 or 0 with probabilities drawn from 0 to 1"),
      EnvironmentListing(
        "bandit/DPT", ArmedBandit.self,
        configuration: Arms {
          $0.arms = 5
          $0.rewards = .gaussian
          $0.prior = .uniform
          $0.deviation = 0.3
          $0.horizon = 500
        }, summary: "five arms with means from 0 to 1 and noise of 0.3, as decision-pretrained transformers see them"),
      EnvironmentListing(
        "bandit/BSuite", ArmedBandit.self,
        configuration: Arms {
          $0.arms = 11
          $0.rewards = .fixed
          $0.prior = .ladder
          $0.mapping = 0
          $0.horizon = 1
        }, summary: "bsuite's bandit: eleven arms that always pay 0, 0.1, ... 1, one pull an episode"),
      EnvironmentListing(
        "bandit/BSuiteNoise", ArmedBandit.self,
        configuration: Arms {
          $0.arms = 11
          $0.rewards = .gaussian
          $0.prior = .ladder
          $0.deviation = 0.1
          $0.mapping = 0
          $0.horizon = 1
        }, summary: "bsuite's bandit with noise; `scale` gives its other variant"),
      EnvironmentListing(
        "bandit/Walk", ArmedBandit.self,
        configuration: Arms {
          $0.rewards = .gaussian
          $0.prior = .normal
          $0.center = 0
          $0.walk = 0.01
        }, summary: "Gaussian arms whose means walk at random"),
      EnvironmentListing(
        "bandit/ChangePoints", ArmedBandit.self,
        configuration: Arms {
          $0.arms = 5
          $0.gap = 0.4
          $0.changes = 4
          $0.horizon = 5000
        }, summary: "Bernoulli arms whose best one is another after each of four changes"),
    ]
  }

  private static var structured: [EnvironmentListing] {
    var condorcet = DuelingBandit.Configuration()
    condorcet.preferences = .condorcet
    var cyclic = condorcet
    cyclic.preferences = .cyclic
    return [
      EnvironmentListing(
        "bandit/Linear", LinearBandit.self, configuration: LinearBandit.Configuration(),
        summary: "ten arms with features, a hidden vector says what they pay"),
      EnvironmentListing(
        "bandit/Contextual", LinearBandit.self,
        configuration: LinearBandit.Configuration { $0.context = .shared },
        summary: "a context for every pull, ten arms with hidden vectors"),
      EnvironmentListing(
        "bandit/Logistic", LinearBandit.self,
        configuration: LinearBandit.Configuration {
          $0.context = .fresh
          $0.logistic = true
        }, summary: "arms with new features for every pull that pay 1 or 0"),
      EnvironmentListing(
        "bandit/MovieLens", LinearBandit.self,
        configuration: LinearBandit.Configuration {
          $0.context = .users
          $0.horizon = 200
        }, summary: "ten items for users out of a low-rank table of ratings, generated or a file of yours"),
      EnvironmentListing(
        "bandit/Delayed", ChangingBandit.self,
        configuration: ChangingBandit.Configuration {
          $0.delay = 50
          $0.geometric = true
        }, summary: "Bernoulli arms whose rewards come late"),
      EnvironmentListing(
        "bandit/Mortal", ChangingBandit.self,
        configuration: ChangingBandit.Configuration { $0.lifetime = 1000 },
        summary: "Bernoulli arms that come and go"),
      EnvironmentListing(
        "bandit/Adversarial", ChangingBandit.self,
        configuration: ChangingBandit.Configuration {
          $0.phases = true
          $0.horizon = 10_000
        }, summary: "an adversary shifts all means in growing phases, the gap stays"),
      EnvironmentListing(
        "bandit/Dynamical", DynamicalBandit.self, configuration: DynamicalBandit.Configuration(),
        summary: "what an arm pays depends on a hidden state that pulls move"),
      EnvironmentListing(
        "bandit/LastSwitch", LastSwitchBandit.self, configuration: LastSwitchBandit.Configuration(),
        summary: "arms that tire when they are pulled in a row and recover when they rest"),
      EnvironmentListing(
        "bandit/SwitchingCosts", SwitchingCostBandit.self, configuration: SwitchingCostBandit.Configuration(),
        summary: "an adversary's losses, a price on switches, observations that are chosen"),
      EnvironmentListing(
        "bandit/Dueling", DuelingBandit.self, configuration: condorcet,
        summary: "two arms are compared, one beats all others"),
      EnvironmentListing(
        "bandit/DuelingCyclic", DuelingBandit.self, configuration: cyclic,
        summary: "two arms are compared, the best three beat one another in a circle"),
      EnvironmentListing(
        "bandit/Demonstrated", DemonstratedBandit.self, configuration: DemonstratedBandit.Configuration(),
        summary: "Gaussian arms and some choices of an expert"),
      EnvironmentListing(
        "bandit/Fairness", FairnessBandit.self, configuration: FairnessBandit.Configuration(),
        summary: "labels of the accepted alone, auditors who report unequal treatment"),
      EnvironmentListing(
        "bandit/Hindsight", HindsightBandit.self, configuration: HindsightBandit.Configuration(),
        summary: "an assistant that is rated at once, or by what became of it"),
    ]
  }

  /// EVOLvE's sixteen settings: 5 or 20 arms, videos or clothes, easy or hard, Bernoulli or Gaussian.
  private static var evolve: [EnvironmentListing] {
    var listings: [EnvironmentListing] = []
    for arms in [5, 20] {
      for scenario in [BanditScenario.videos, .clothes] {
        for isHard in [false, true] {
          for rewards in [ArmedBandit.Rewards.bernoulli, .gaussian] {
            let configuration = ArmedBandit.Configuration {
              $0.arms = arms
              $0.scenario = scenario
              $0.rewards = rewards
              $0.gap = isHard ? 0.2 : 0.5
              if rewards == .gaussian {
                $0.prior = .normal
                $0.center = 0
                $0.spread = isHard ? 3 : 1
                $0.deviation = isHard ? 3 : 1
              }
              $0.horizon = isHard ? 1000 : 300
            }
            let words = scenario == .videos ? "Videos" : "Clothes"
            let kind = rewards == .bernoulli ? "Bernoulli" : "Gaussian"
            listings.append(
              EnvironmentListing(
                "bandit/EVOLvE-K\(arms)-\(words)-\(isHard ? "Hard" : "Easy")-\(kind)", ArmedBandit.self,
                configuration: configuration,
                summary: "EVOLvE's \(arms) \(kind) arms in words, \(isHard ? "hard" : "easy")",
                isRepresentative: arms == 5 && scenario == .videos && !isHard && rewards == .bernoulli))
          }
        }
      }
    }
    return listings
  }

  /// What every bandit is judged by: regret first, with curves over log-spaced pulls.
  ///
  /// - Parameter regret: 0 to the regret of pulling at random, where it is known.
  static func measures(regret: ClosedRange<Double>?, more: [Measure] = []) -> [Measure] {
    [
      Measure(
        "regret", of: .field("gap", element: 0), .sum, .lower, range: regret, hasCurve: true,
        summary: "what the best arm's mean would have paid more, summed over the pulls"),
      .return(),
      Measure(
        "best", of: .field("isBest", element: 0), .mean, range: 0...1, hasCurve: true,
        summary: "share of the pulls that were of the best arm"),
      Measure(
        "switches", of: .field("switched", element: 0), .sum, .lower, summary: "pulls of another arm than before"),
      Measure(
        "laiRobbins", of: .field("laiRobbins", element: 0), .last, .lower,
        summary: "coefficient of ln T in Lai and Robbins's bound, 0 where it is not defined"),
    ] + more
  }

  /// What a mean can be.
  static func meanRange(_ plan: ArmedBandit.Plan) -> ClosedRange<Double> {
    let c = plan.configuration
    // In single precision, as the rows hold it.
    func widened(_ low: Double, _ high: Double) -> ClosedRange<Double> {
      Double(Float(low).nextDown)...Double(Float(high).nextUp)
    }
    if c.walk > 0 && c.rewards != .bernoulli { return -Double.infinity...Double.infinity }
    switch c.prior {
    case .normal: return -Double.infinity...Double.infinity
    case .uniform, .beta, .ladder: return widened(0, c.scale)
    case .none:
      if c.walk > 0 { return widened(0, c.scale) }
      return widened(plan.means.min()! * c.scale, plan.means.max()! * c.scale)
    }
  }
}
