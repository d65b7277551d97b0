package io.billingsdk.costs.oracle;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.billingsdk.costs.Catalogue;
import io.billingsdk.costs.CostLine;
import io.billingsdk.costs.CostState;
import io.billingsdk.costs.RatedCost;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Random prices and usages, against the oracle. */
@Tag("simulation")
final class CostOracleTest {
  private static final int RUNS = Integer.getInteger("costs.runs", 10_000);

  /** How many usages each price file has. */
  private static final int USES = 5;

  private static final long SEED = Long.getLong("costs.seed", new Random().nextInt());

  @Test
  void randomUsages_againstExactFractions_costTheSame() {
    List<String> wrong = new ArrayList<>();
    int unknown = 0;
    int free = 0;
    int lines = 0;
    Catalogue catalogue = Catalogue.EMPTY;
    for (int run = 0; run < RUNS; run++) {
      World world = new World(seedOf(run - run % USES), seedOf(run));
      catalogue = run % USES == 0 ? Answer.catalogue(world) : catalogue;
      RatedCost cost = Answer.of(world, catalogue);
      Optional<Frac> expected = new Oracle(world, Bug.NONE).cost();
      if (!Answer.amount(cost).equals(expected) || !isExplained(cost)) {
        wrong.add("seed " + seedOf(run) + ": " + expected + " but " + cost.explain());
      }
      unknown += cost.state() == CostState.UNKNOWN ? 1 : 0;
      free += cost.state() == CostState.FREE ? 1 : 0;
      lines += cost.lines().size();
    }
    Proof.of("cost-oracle")
        .with("usages", RUNS)
        .with("price_files", (RUNS + USES - 1) / USES)
        .with("wrong", wrong.size())
        .with("lines", lines)
        .with("unknown", unknown)
        .with("free", free)
        .with("seed", SEED)
        .print();
    assertThat(wrong.stream().limit(5)).as("costs that differ, of seed %s", SEED).isEmpty();
    assertThat(unknown).as("costs that are unknown").isBetween(RUNS / 100, RUNS / 2);
  }

  /** A bug that no usage finds would mean that the usages are too tame. */
  @Test
  void oracleWithABug_againstTheModule_isFound() {
    Set<Bug> missed = EnumSet.complementOf(EnumSet.of(Bug.NONE));
    int bugs = missed.size();
    int run = 0;
    for (; run < RUNS && !missed.isEmpty(); run++) {
      World world = new World(seedOf(run), seedOf(run));
      Optional<Frac> answer = Answer.amount(Answer.of(world, Answer.catalogue(world)));
      missed.removeIf(bug -> !new Oracle(world, bug).cost().equals(answer));
    }
    Proof.of("cost-oracle-planted-bugs")
        .with("planted", bugs)
        .with("found", bugs - missed.size())
        .with("runs", run)
        .with("seed", SEED)
        .print();
    assertThat(missed).as("bugs that no usage found, of seed %s", SEED).isEmpty();
  }

  @Test
  void oracle_ofItsClassFiles_usesNothingOfTheModule() {
    List<String> used =
        new ClassFileImporter()
            .importClasses(Frac.class, World.class, Oracle.class, Bug.class).stream()
                .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
                .map(dependency -> dependency.getTargetClass())
                .filter(type -> type.getPackageName().startsWith("io.billingsdk"))
                .filter(type -> !type.getPackageName().endsWith(".oracle"))
                .map(JavaClass::getName)
                .distinct()
                .toList();
    assertThat(used).isEmpty();
  }

  private static boolean isExplained(RatedCost cost) {
    BigDecimal sum = BigDecimal.ZERO;
    for (CostLine line : cost.lines()) {
      sum = sum.add(line.amount());
    }
    boolean isNamed = cost.state() != CostState.UNKNOWN || !cost.unknown().isEmpty();
    return isNamed && sum.compareTo(cost.knownAmount()) == 0;
  }

  private static long seedOf(int run) {
    return SEED * 1_000_003 + run;
  }
}
