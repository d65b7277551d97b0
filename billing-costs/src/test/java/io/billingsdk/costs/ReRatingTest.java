package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReRatingTest {
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");
  private static final CanonicalUsage MILLION =
      CanonicalUsage.of(Map.of(Bucket.INPUT, new BigDecimal("1000000")));

  @Test
  void fixInThePast_inADryRun_namesEachChange_andUndoIsTheWayBack() {
    CostRating before = rating("1");
    CostRating after = rating("1.1");
    List<ReRating.Rated> costs = new ArrayList<>();
    costs.add(rated("r1", before, "m"));
    costs.add(rated("r2", before, "other"));
    ReRating dry = ReRating.dryRun(costs, after);
    assertThat(dry.changes()).extracting(ReRating.Change::recordId).containsExactly("r1");
    assertThat(dry.unchanged()).isEqualTo(1);
    assertThat(dry.differences()).containsEntry("USD", new BigDecimal("0.1"));
    assertThat(dry.undo().differences()).containsEntry("USD", new BigDecimal("-0.1"));
    assertThat(dry.undo().undo().fingerprint()).isEqualTo(dry.fingerprint());
    assertThat(ReRating.dryRun(costs, before).changes()).isEmpty();
  }

  @Test
  void unknownCosts_onceTheirPriceIsThere_arePriced() {
    CostRating empty = CostRating.of(Catalogue.EMPTY);
    ReRating dry = ReRating.dryRun(List.of(rated("r1", empty, "m")), rating("1"));
    assertThat(dry.nowPriced()).isEqualTo(1);
    assertThat(dry.nowUnknown()).isZero();
    assertThat(dry.differences()).containsEntry("USD", BigDecimal.ONE);
    assertThat(dry.undo().nowUnknown()).isEqualTo(1);
  }

  private static ReRating.Rated rated(String id, CostRating rating, String model) {
    return new ReRating.Rated(id, MILLION, rating.rate(PriceQuery.of("p", model, MAY), MILLION));
  }

  private static CostRating rating(String price) {
    return CostRating.of(Catalogue.of(ImportPlanTest.file(ImportPlanTest.row("", price)).rows()));
  }

  @Test
  void billOfAProvider_besideOurs_namesEachDifference() throws IOException {
    List<BillLine> theirs =
        ProviderBill.read(
            new StringReader(
                """
                model,day,amount,currency\r
                "a,b",2026-05-01,1.50,USD\r
                m,2026-05-01,2.00,USD\r
                m,2026-05-01,0.01,USD\r
                x,2026-05-02,1,USD\r
                """));
    LocalDate day = LocalDate.of(2026, 5, 1);
    List<BillLine> ours =
        List.of(
            new BillLine(day, "a,b", "USD", new BigDecimal("1.5")),
            new BillLine(day, "m", "USD", new BigDecimal("2")),
            new BillLine(day, "m", "EUR", new BigDecimal("2")));
    BillComparison compared = BillComparison.of(ours, theirs, new BigDecimal("0.01"));
    assertThat(compared.rows())
        .extracting(
            row -> row.model() + " " + row.currency() + " " + row.difference().toPlainString(),
            BillComparison.Row::reconciled)
        .containsExactly(
            tuple("a,b USD 0.0", true),
            tuple("m EUR -2", false),
            tuple("m USD 0.01", true),
            tuple("x USD 1", false));
    assertThat(compared.isReconciled()).isFalse();
  }

  @Test
  void brokenBills_areRefusedWithLineAndColumn() {
    refusedBill("", "line 1");
    refusedBill("day,model,amount\n", "line 1");
    refusedBill("day,model,currency,amount\n2026-05-01,m,USD\n", "line 2");
    refusedBill("day,model,currency,amount\n2026-05-01,m,USD,1\n5/1,m,USD,1\n", "line 3.day");
    refusedBill("day,model,currency,amount\n2026-05-01,m,USD,1e5\n", "line 2.amount");
    refusedBill("day,model,currency,amount\n2026-05-01,\"m,USD,1\n", "line 2");
  }

  private static void refusedBill(String csv, String field) {
    assertThatThrownBy(() -> ProviderBill.read(new StringReader(csv)))
        .isInstanceOf(CostInputException.class)
        .extracting(e -> ((CostInputException) e).field())
        .isEqualTo(field);
  }

  @Test
  void sums_neverAddCurrencies_andCountUnknown() {
    CostSums sums =
        CostSums.of(
            List.of(
                entry("1", "USD", Optional.of(BigDecimal.ONE)),
                entry("2", "EUR", Optional.of(BigDecimal.TEN)),
                entry("3", "USD", Optional.empty())));
    assertThat(sums.in("USD")).isEqualByComparingTo("1");
    assertThat(sums.in("EUR")).isEqualByComparingTo("10");
    assertThat(sums.in("CNY")).isZero();
    assertThat(sums.unknown()).isEqualTo(1);
    assertThatThrownBy(() -> entry("4", "USD", Optional.of(new BigDecimal("-1"))))
        .hasMessageContaining("corrects");
  }

  private static CostEntry entry(String id, String currency, Optional<BigDecimal> amount) {
    return new CostEntry(id, Optional.empty(), currency, amount);
  }
}
