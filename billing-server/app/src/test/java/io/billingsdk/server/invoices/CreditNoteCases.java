package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseCustomer;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseLine;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Cases of credit notes, of fees that are given back and of operators. */
final class CreditNoteCases {
  private static final Pattern DUE = Pattern.compile("([0-9.]+) [(]([0-9.]+) - [0-9.]+[)]");

  private final MoneyCaseWorld world;
  private final CaseValues found;

  CreditNoteCases(MoneyCaseWorld world, CaseValues found) {
    this.world = world;
    this.found = found;
  }

  void run(JsonNode one, String topic) throws Exception {
    switch (topic) {
      case "credit_note.rounding" -> creditNote(one);
      case "credit_note.never_above_invoice" -> neverAbove(one);
      default -> terminated(one);
    }
  }

  private void creditNote(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    String price = one.at("/given/price").asText();
    String percent = one.at("/given/tax_percent").asText();
    int days = one.at("/when/period_days").asInt();
    int unused = one.at("/when/unused_days").asInt();
    Issued note;
    if (days == 30 && unused == 29) {
      note = world.cancelled(customer, price, percent);
    } else {
      Issued invoice = world.bill(customer, List.of(CaseLine.of(price, percent)));
      BigDecimal kept =
          new BigDecimal(price)
              .multiply(BigDecimal.valueOf(days - unused))
              .divide(BigDecimal.valueOf(days), 2, RoundingMode.HALF_UP);
      PartOfLine part = new PartOfLine(1, new BigDecimal(price).subtract(kept));
      note =
          world
              .world
              .invoices()
              .require(world.notes().credit(invoice.number(), List.of(part), "unused"));
    }
    same(one, "net", note.net());
    same(one, "tax", note.tax());
    same(one, "total", note.total());
  }

  private void neverAbove(JsonNode one) throws Exception {
    CaseLine line = CaseLine.of(one.at("/given/invoice_total").asText(), "0");
    Issued invoice = world.bill(world.customer(currency(one)), List.of(line));
    BigDecimal before = new BigDecimal(one.at("/given/already_credited").asText());
    var unused =
        world.notes().credit(invoice.number(), List.of(new PartOfLine(1, before)), "first");
    BigDecimal more = new BigDecimal(one.at("/when/request").asText());
    @Nullable Throwable refused =
        catchThrowable(
            () -> world.notes().credit(invoice.number(), List.of(new PartOfLine(1, more)), "more"));
    String said = refused == null ? "" : String.valueOf(refused.getMessage());
    Matcher most = Pattern.compile("at most ([0-9.]+) ").matcher(said);
    found.text(one, "answer", refused == null ? "issued" : "refused");
    found.text(one, "creditable", most.find() ? most.group(1) : said);
  }

  /** What a cancellation gives back of a paid fee is account credit, for the next invoice. */
  private void terminated(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one), MoneyCaseWorld.FEBRUARY);
    String percent = one.at("/given/tax_percent").asText();
    int days = one.at("/when/period_days").asInt() - one.at("/when/unused_days").asInt();
    Issued note =
        world.cancelledAfter(
            customer, one.at("/given/price").asText(), percent, days, /* isPaid= */ true);
    same(one, "credit_net", note.net());
    same(one, "credit_tax", note.tax());
    same(one, "credit_total", note.total());
    Matcher rest = DUE.matcher(one.at("/then/then_due").asText());
    assertThat(rest.matches()).isTrue();
    BigDecimal net =
        new BigDecimal(rest.group(2))
            .divide(
                BigDecimal.ONE.add(new BigDecimal(percent).movePointLeft(2)),
                2,
                RoundingMode.HALF_UP);
    var unused = world.bill(customer, List.of(CaseLine.of(net.toPlainString(), percent)));
    // The closing span of the first subscription is due later than the end of the second one.
    world.run(customer);
    Issued next = world.latest(customer);
    found.text(one, "then_total", rest.group(2), next.total().toPlainString());
    found.text(one, "then_due", rest.group(1), next.due().toPlainString());
  }

  private static String currency(JsonNode one) {
    return one.at("/given/currency").asText();
  }

  private void same(JsonNode one, String field, BigDecimal amount) {
    found.text(one, field, amount.toPlainString());
  }
}
