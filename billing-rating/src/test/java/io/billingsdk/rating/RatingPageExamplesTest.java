package io.billingsdk.rating;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.CreditableInvoice.Credited;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The Java blocks of {@code docs/rating.md}, which {@link RatingPageTest} compares. */
final class RatingPageExamplesTest {
  @Test
  void tokens_ofTwoModels() {
    Charge tokens =
        Charge.builder("USD")
            .varyBy(
                "model",
                Map.of(
                    "gpt-large",
                    PriceModel.graduated(
                        List.of(Tier.upTo("1000", "0.03", "0"), Tier.rest("0.02", "0"))),
                    "gpt-small",
                    PriceModel.unit("0.0006")))
            .conversion(Conversion.divide("1000", Rounding.NONE))
            .minimum(Money.parse("5.00 USD"))
            .build();

    Usage used =
        new Usage.ByValue(Map.of("gpt-large", Usage.of("1250000"), "gpt-small", Usage.of("65001")));
    RatedLine line = tokens.rate(used);
    assertThat(line.amount()).hasToString("35.04 USD");
    assertThat(line.unrounded()).hasToString("35.0390006");
  }

  @Test
  void period_inParts() {
    Charge calls = Charge.of("USD", PriceModel.packages("10", "15"));
    Money first = calls.rate(Usage.of("4"), PeriodPart.RUNNING).amount();
    RatedLine rest =
        calls.further(
            new Billed(Usage.of("4"), PeriodPart.RUNNING, first),
            Usage.of("12"),
            PeriodPart.COMPLETE);
    assertThat(first).hasToString("15.00 USD");
    assertThat(rest.amount()).hasToString("15.00 USD");
  }

  @Test
  void boundaries_ofTiers() {
    List<Tier> tiers = List.of(Tier.upTo("10", "2", "0"), Tier.rest("1", "0"));
    Charge graduated = Charge.of("EUR", PriceModel.graduated(tiers));
    Charge volume = Charge.of("EUR", PriceModel.volume(tiers));
    assertThat(graduated.rate(Usage.of("10")).amount()).hasToString("20.00 EUR");
    assertThat(graduated.rate(Usage.of("11")).amount()).hasToString("21.00 EUR");
    assertThat(volume.rate(Usage.of("10")).amount()).hasToString("20.00 EUR");
    assertThat(volume.rate(Usage.of("11")).amount()).hasToString("11.00 EUR");
  }

  @Test
  void firstPeriod_ofAService() {
    ZoneId zone = ZoneId.of("America/New_York");
    Charge pro = Charge.of("USD", PriceModel.flat("29"));
    BillingPeriod first =
        BillingCalendar.months(zone)
            .periods(LocalDate.of(2026, 3, 11), LocalDate.of(2026, 6, 1))
            .get(0);
    Fraction share = ProrationRule.DAYS.shareOf(first);
    assertThat(share).hasToString("21/31");
    assertThat(pro.prorated(share).rate(Usage.none()).amount()).hasToString("19.65 USD");
    assertThat(first.end()).isEqualTo("2026-04-01T04:00:00Z");
  }

  @Test
  void upgrade_inTheMiddle() {
    BillingPeriod march =
        BillingCalendar.months(ZoneId.of("UTC")).periodAt(Instant.parse("2026-03-15T17:00:00Z"));
    LocalDate change = LocalDate.of(2026, 3, 15);
    Fraction kept = ProrationRule.DAYS.shareOf(march, march.from(), change);
    Fraction rest = ProrationRule.DAYS.shareOf(march, change, march.to());
    UnusedCredit credit = UnusedCredit.of(Money.parse("29.00 USD"), kept);
    Money enterprise =
        Charge.of("USD", PriceModel.flat("99")).prorated(rest).rate(Usage.none()).amount();
    assertThat(credit.kept()).hasToString("13.10 USD");
    assertThat(credit.credit()).hasToString("15.90 USD");
    assertThat(enterprise).hasToString("54.29 USD");
  }

  @Test
  void invoice_withEverything() {
    TaxRate standard = TaxRate.of("S", "19");
    TaxRate reduced = TaxRate.of("S", "7");
    InvoiceTotals totals =
        InvoiceTotals.of(
            List.of(
                InvoiceLine.of(Money.parse("80.00 EUR"), standard),
                InvoiceLine.of(Money.parse("20.00 EUR"), reduced)),
            Optional.of(Discount.percent("10")),
            Optional.of(Money.parse("50.00 EUR")));
    assertThat(totals.discountParts()).hasToString("[8.00 EUR, 2.00 EUR]");
    assertThat(totals.taxable()).hasToString("90.00 EUR");
    assertThat(totals.tax()).hasToString("14.94 EUR");
    assertThat(totals.total()).hasToString("104.94 EUR");
    assertThat(totals.due()).hasToString("54.94 EUR");
  }

  @Test
  void creditNotes_ofThePage_addUpToTheInvoice() {
    TaxRate vat = TaxRate.of("S", "19");
    List<InvoiceLine> lines = List.of(InvoiceLine.of(Money.parse("100.00 EUR"), vat));
    List<Allowance> allowances =
        Allowance.of(
            lines, List.of(Discount.percent("10"), Discount.amount(Money.parse("5.00 EUR"))));
    CreditableInvoice invoice =
        CreditableInvoice.of(lines, InvoiceTotals.of(lines, allowances, Optional.empty()));
    Credited first = invoice.credit(List.of(Money.parse("33.33 EUR")));
    Credited rest = first.after().credit(first.after().left());
    assertThat(allowances.get(1).amount()).hasToString("5.00 EUR");
    assertThat(first.note().total()).hasToString("33.71 EUR");
    assertThat(rest.note().total()).hasToString("67.44 EUR");
  }
}
