package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.payments.PaidMonths.PaidCounts;
import io.billingsdk.server.payments.PaidMonths.PaidSelection;
import io.billingsdk.server.payments.PaidMonths.PaidSums;
import io.billingsdk.server.payments.ProviderMoney.MoneyBack;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What came and what was given back, by month and seller. */
@Tag("postgres")
class PaidMonthsTest {
  @TempDir Path directory;

  private PaymentWorld world;

  @BeforeEach
  void start() {
    world = new PaymentWorld(directory);
    world.customer("a", "UTC");
    world.customer("b", "UTC");
    world.invoice("a", "s-1", "80", "20");
  }

  @AfterEach
  void stop() {
    world.close();
  }

  private PaidSelection selection(boolean ofTestClocks) {
    return new PaidSelection(
        LocalDate.of(2020, 1, 1), LocalDate.of(2090, 1, 1), Set.of("a", "b"), ofTestClocks);
  }

  private static String shown(PaidSums sums) {
    return "%s %s %s +%s -%s"
        .formatted(
            sums.month(),
            sums.seller(),
            sums.currency(),
            sums.paid().stripTrailingZeros().toPlainString(),
            sums.refunded().stripTrailingZeros().toPlainString());
  }

  @Test
  void sums_ofPaymentsAndRefunds_areByTheMonthInWhichTheyCame() {
    Payment paid = world.pay("a", "120", "s-1");
    world.pay("b", "7");
    var unused = world.payments().refund(paid.id(), PaymentWorld.usd("50"), "r", false);
    var unusedToo = world.payments().refund(paid.id(), PaymentWorld.usd("10"), "r", true);
    String now = LocalDate.now(ZoneOffset.UTC).toString().substring(0, 7);
    PaidMonths months = new PaidMonths(world.database);
    List<String> sums = months.sums(selection(true)).stream().map(PaidMonthsTest::shown).toList();
    if (now.equals("2026-12")) {
      assertThat(sums).containsExactly("2026-12  USD +7 -0", "2026-12 seller USD +120 -60");
    } else {
      assertThat(sums)
          .contains("2026-12  USD +7 -0", "2026-12 seller USD +120 -0", now + " seller USD +0 -60");
    }
    assertThat(months.counts(selection(true))).isEqualTo(new PaidCounts(2, 1));
    assertThat(months.sums(selection(false))).isEmpty();
    assertThat(months.counts(selection(false))).isEqualTo(new PaidCounts(0, 0));
    assertThat(
            world
                .http
                .get("/api/v1/revenue/invoiced?from=2026-12&to=2026-12&testClocks=true")
                .json()
                .at("/items/1/paid")
                .asText())
        .isEqualTo("120.00");
  }

  private static String received(
      ProviderBooks books, Handle handle, String reference, String amount, @Nullable String of) {
    return books.received(
        handle,
        new ProviderMoney(
            "sandbox", reference, "a", PaymentWorld.usd(amount), null, PaymentWorld.DAY, of));
  }

  @Test
  void sums_haveTopUps_andWhatIsAClaim_andAChargebackIsAFailure() {
    ProviderBooks books = new ProviderBooks(world.database, PaymentWorld.TESTER);
    world.database.useTransaction(
        handle -> {
          String topUp = received(books, handle, "t", "30", null);
          String paid = received(books, handle, "p", "100", "s-1");
          books.movedBack(handle, "t-1", topUp, PaymentWorld.usd("30"), MoneyBack.REFUND);
          books.movedBack(handle, "p-1", paid, PaymentWorld.usd("100"), MoneyBack.CHARGEBACK);
          // The provider has given it back too: nothing but a claim is left for that.
          books.movedBack(handle, "p-2", paid, PaymentWorld.usd("100"), MoneyBack.REFUND);
        });
    // Of the invoice, which is open again, and of the claim.
    world.pay("a", "200");
    PaidMonths months = new PaidMonths(world.database);
    List<String> sums = months.sums(selection(true)).stream().map(PaidMonthsTest::shown).toList();
    String now = LocalDate.now(ZoneOffset.UTC).toString().substring(0, 7);
    if (now.equals("2026-12")) {
      assertThat(sums).containsExactly("2026-12 seller USD +330 -230");
    } else {
      assertThat(sums)
          .containsExactlyInAnyOrder("2026-12 seller USD +330 -0", now + " seller USD +0 -230");
    }
    assertThat(months.counts(selection(true))).isEqualTo(new PaidCounts(3, 1));
  }
}
