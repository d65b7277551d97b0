package io.billingsdk.system;

import static java.util.Objects.requireNonNull;

import io.billingsdk.testbed.Pace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Kills at random moments, each kind so many times in a random order, and starts again after a
 * random while. Seeded, as far as moments can be: the same seed makes the same plan.
 */
final class Nemesis {
  private final Map<Victim.Kind, Victim> victims;
  private final Random random;
  private final History history;
  private final Map<Victim.Kind, Integer> kills = new EnumMap<>(Victim.Kind.class);

  Nemesis(Map<Victim.Kind, Victim> victims, long seed, History history) {
    this.victims = new EnumMap<>(victims);
    this.random = new Random(seed);
    this.history = history;
  }

  /** Kills each so many times. */
  void rage(int times) throws Exception {
    List<Victim.Kind> plan = new ArrayList<>();
    victims.keySet().forEach(kind -> plan.addAll(Collections.nCopies(times, kind)));
    Collections.shuffle(plan, random);
    for (Victim.Kind kind : plan) {
      pause(100, 900);
      Victim victim = requireNonNull(victims.get(kind));
      history.note("kill -9 " + kind.text());
      victim.kill9();
      pause(0, 400);
      victim.restart();
      history.note("restarted " + kind.text());
      kills.merge(kind, 1, Integer::sum);
    }
  }

  int kills(Victim.Kind kind) {
    return kills.getOrDefault(kind, 0);
  }

  private void pause(int leastMillis, int moreMillis) {
    Pace.pause(Duration.ofMillis(leastMillis + random.nextInt(moreMillis)));
  }
}
