package io.billingsdk.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class CauseFinderTest {
  private static final int RELEASE = 2000;
  private static final BigDecimal TWO = new BigDecimal("2");

  @Test
  void moreAtTheSamePrice_isAnEffectOfTheQuantity() {
    Cause cause =
        only(new Fact(Map.of("customer", "acme"), TWO, number("6"), number("5"), number("15")));
    assertThat(cause.quantityEffect()).isEqualByComparingTo("9");
    assertThat(cause.priceEffect()).isEqualByComparingTo("0");
    assertThat(cause.sentence())
        .isEqualTo("customer acme: +9, of it +9 by the quantity and 0 by the price.");
  }

  @Test
  void anotherPriceOfTheSame_isAnEffectOfThePrice() {
    Cause cause = only(new Fact(Map.of("customer", "acme"), TWO, number("6"), TWO, number("4")));
    assertThat(cause.quantityEffect()).isEqualByComparingTo("0");
    assertThat(cause.priceEffect()).isEqualByComparingTo("-2");
  }

  @Test
  void effects_ofPricesThatDoNotDivide_sumToTheChangeExactly() {
    Cause cause =
        only(
            new Fact(
                Map.of("customer", "acme"),
                number("3"),
                number("10"),
                number("7"),
                number("31.3")));
    assertThat(cause.quantityEffect().add(cause.priceEffect())).isEqualByComparingTo("21.3");
    assertThat(cause.change()).isEqualByComparingTo("21.3");
  }

  @Test
  void newUsage_isAnEffectOfTheQuantity() {
    Cause cause =
        only(
            new Fact(
                Map.of("customer", "acme"), BigDecimal.ZERO, BigDecimal.ZERO, TWO, number("4")));
    assertThat(cause.quantityEffect()).isEqualByComparingTo("4");
  }

  @Test
  void lists_outOfBounds_areRefusedByName() {
    Fact fact = new Fact(Map.of("customer", "acme"), TWO, TWO, TWO, TWO);
    for (int most : new int[] {-1, 0, 1_001}) {
      assertThatThrownBy(() -> CauseFinder.rank(List.of(fact), most))
          .isInstanceOf(ForecastInputException.class)
          .hasMessage("most must be 1 to 1000, but is " + most);
    }
    assertThatThrownBy(() -> CauseFinder.rank(Collections.nCopies(100_001, fact), 1))
        .hasMessage("facts must be at most 100000, but is 100001");
  }

  @Test
  @Tag("simulation")
  void plantedCauses_standFirst() {
    int scenes = Sizes.of(100, RELEASE);
    int first = first(facts -> CauseFinder.rank(facts, 5), scenes);
    int effects = 0;
    for (long seed = Sizes.SEED; seed < Sizes.SEED + scenes; seed++) {
      PlantedCause scene = PlantedCause.of(seed);
      effects += scene.effectIsRight(CauseFinder.rank(scene.facts(), 1).get(0)) ? 1 : 0;
    }
    Proof.sized("anomaly-causes", scenes, RELEASE)
        .with("scenes", scenes)
        .with("planted_first", Sizes.show(first / (double) scenes))
        .with("quantity_or_price_right", Sizes.show(effects / (double) scenes))
        .with("seed", Sizes.SEED)
        .print();
    assertThat(first).isGreaterThanOrEqualTo(scenes * 9 / 10);
    assertThat(effects).isGreaterThanOrEqualTo(scenes * 9 / 10);
  }

  @Test
  @Tag("simulation")
  void rankingByTheLargestChange_isFoundOut() {
    // The planted bug: all of a dimension with one value changes most, whatever the cause is.
    int scenes = 40;
    assertThat(first(CauseFinderTest::byChange, scenes)).isLessThan(scenes * 9 / 10);
  }

  private static List<Cause> byChange(List<Fact> facts) {
    return CauseFinder.rank(facts, 1000).stream()
        .sorted(Comparator.comparing((Cause cause) -> cause.change().abs()).reversed())
        .toList();
  }

  private static int first(Function<List<Fact>, List<Cause>> ranking, int scenes) {
    int first = 0;
    for (long seed = Sizes.SEED; seed < Sizes.SEED + scenes; seed++) {
      PlantedCause scene = PlantedCause.of(seed);
      Map<String, String> found = ranking.apply(scene.facts()).get(0).where();
      first += cells(scene, found).equals(cells(scene, scene.where())) ? 1 : 0;
    }
    return first;
  }

  /** Two places with the same facts are the same place. */
  private static List<Fact> cells(PlantedCause scene, Map<String, String> where) {
    return scene.facts().stream()
        .filter(fact -> fact.where().entrySet().containsAll(where.entrySet()))
        .collect(Collectors.toList());
  }

  private static Cause only(Fact fact) {
    return CauseFinder.rank(List.of(fact), 1).get(0);
  }

  private static BigDecimal number(String text) {
    return new BigDecimal(text);
  }
}
