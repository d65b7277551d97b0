package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.invoices.CreditNotes.PartOfLine;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseCustomer;
import io.billingsdk.server.invoices.MoneyCaseWorld.CaseLine;
import io.billingsdk.testbed.Proof;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cases of discounts, tax, credit notes, balances and credits: from usage to the document. */
@Tag("postgres")
class BillingCasesThroughInvoicesTest {
  private static final Pattern EQUAL = Pattern.compile("([0-9]+) lines of ([0-9.]+)");

  /** What the service does not do, each with its reason. */
  private static final Map<String, String> SKIPPED =
      Map.of("tax.reverse_charge", "the tax table decides it, and not the sums");

  @TempDir Path directory;

  private MoneyCaseWorld world;
  private final CaseValues found = new CaseValues();

  @BeforeEach
  void start() {
    world = new MoneyCaseWorld(directory);
  }

  @AfterEach
  void stop() {
    world.close();
  }

  @Test
  void cases_throughTheService_giveTheAmountsOfTheirSources() throws Exception {
    Map<String, Integer> topics = new TreeMap<>();
    List<String> skipped = new ArrayList<>();
    int cases = 0;
    for (JsonNode one : CaseValues.read("/money-cases.jsonl")) {
      String topic = one.path("topic").asText();
      if (SKIPPED.containsKey(topic)) {
        skipped.add(one.path("id").asText());
        continue;
      }
      run(one, topic);
      cases++;
      topics.merge(topic.split("[.]", -1)[0], 1, Integer::sum);
    }
    verifyAll();
    Proof proof =
        Proof.of("billing-cases")
            .with("cases", cases)
            .with("wrong", found.wrong().size())
            .with("values", found.count())
            .with("skipped", skipped.size());
    topics.forEach(proof::with);
    proof.print();
    assertThat(found.wrong()).as("cases that differ").isEmpty();
  }

  private void verifyAll() {
    for (int i = 1; i <= 1_000; i++) {
      List<Issued> issued = world.world.of("case" + i);
      if (issued.isEmpty()) {
        return;
      }
      for (Issued each : issued) {
        assertThat(world.world.invoices().verify(each.number()).differences())
            .as(each.number())
            .isEmpty();
      }
    }
  }

  private void run(JsonNode one, String topic) throws Exception {
    switch (topic) {
      case "discount.split_over_tax_rates" -> splitCoupon(one);
      case "rounding.allocation",
          "rounding.currency",
          "rounding.half_up_not_even",
          "rounding.decimal_text" ->
          new RoundingCases(world, found).run(one, topic);
      case "discount.order" -> order(one);
      case "tax.negative_invoice" -> negative(one);
      case "tax.rates" -> rates(one);
      case "tax.round_line_first" -> roundLineFirst(one);
      case "tax.two_component_not_compounded" -> components(one);
      case "credit_note.rounding",
          "credit_note.never_above_invoice",
          "commitment.credit_note_on_termination" ->
          new CreditNoteCases(world, found).run(one, topic);
      case "balance.credit_then_charge" -> creditThenCharge(one);
      case "balance.adjust_paid", "balance.refund_without_adjustment" -> paid(one);
      case "prepaid.cap" -> prepaidCap(one);
      case "credits.overage", "credits.burn_order" -> grants(one);
      case "credits.preserve_overage" -> rollover(one);
      default -> {
        assertThat(one.at("/when/groups").isArray()).as("a runner for " + topic).isTrue();
        groups(one);
      }
    }
  }

  private void splitCoupon(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    world.coupon(customer, one.at("/when/coupon"));
    List<CaseLine> lines = new ArrayList<>();
    for (JsonNode row : one.at("/when/lines")) {
      lines.add(CaseLine.of(row.get(0).asText(), row.get(1).asText()));
    }
    Issued invoice = world.bill(customer, lines);
    List<String> parts = new ArrayList<>();
    List<String> taxes = new ArrayList<>();
    for (JsonNode line : charged(invoice)) {
      parts.add(line.path("discount").asText());
      Money base =
          Money.of(invoice.currency(), line.path("net").asText())
              .minus(Money.of(invoice.currency(), line.path("discount").asText()));
      taxes.add(
          TaxRate.of("S", line.at("/tax/percent").asText()).on(base).amount().toPlainString());
    }
    found.list(one, "coupon_parts", parts);
    found.list(one, "taxes", taxes);
    same(one, "tax", invoice.tax());
    same(one, "total", invoice.total());
  }

  private void order(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    world.coupon(customer, one.at("/when/invoice_discount"));
    world.credit(customer, CreditKind.PREPAID, one.at("/when/prepaid").asText(), 1, null);
    JsonNode rule = one.at("/when/line_discount");
    List<CaseLine> lines = new ArrayList<>();
    for (JsonNode row : one.at("/when/lines")) {
      boolean isDiscounted = row.get(0).asText().equals(rule.get(0).asText());
      String percent = isDiscounted ? rule.get(1).asText().replace("%", "") : "0";
      lines.add(new CaseLine(row.get(1).asText(), percent, one.at("/when/tax_percent").asText()));
    }
    Issued invoice = world.bill(customer, lines);
    same(one, "after_line_discount", invoice.net());
    same(one, "taxable", invoice.taxable());
    same(one, "tax", invoice.tax());
    same(one, "total", invoice.total());
    same(one, "prepaid_used", invoice.prepaid());
    same(one, "due", invoice.due());
  }

  private void groups(JsonNode one) throws Exception {
    sums(one, world.bill(world.customer(currency(one)), lines(one)), 1);
  }

  private static List<CaseLine> lines(JsonNode one) {
    List<CaseLine> lines = new ArrayList<>();
    for (JsonNode row : one.at("/when/groups")) {
      lines.add(CaseLine.of(row.get(0).asText().replace("-", ""), row.get(1).asText()));
    }
    return lines;
  }

  /** A negative total is a credit note: of the invoice, whose usage is corrected to nothing. */
  private void negative(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    Issued invoice = world.bill(customer, lines(one));
    List<PartOfLine> all = new ArrayList<>();
    for (JsonNode line : charged(invoice)) {
      all.add(new PartOfLine(line.path("line").asInt(), new BigDecimal(line.path("net").asText())));
    }
    String note = world.notes().credit(invoice.number(), all, "wrong");
    sums(one, world.world.invoices().require(note), -1);
  }

  private void sums(JsonNode one, Issued document, int sign) {
    BigDecimal factor = BigDecimal.valueOf(sign);
    List<String> taxes = new ArrayList<>();
    for (JsonNode group : InvoiceWorld.document(document).path("taxes")) {
      BigDecimal tax = new BigDecimal(group.path("tax").asText());
      if (new BigDecimal(group.path("base").asText()).signum() != 0) {
        taxes.add(tax.multiply(factor).toPlainString());
      }
    }
    found.list(one, "taxes", taxes);
    same(one, "tax_total", document.tax().multiply(factor));
    same(one, "total_without_tax", document.taxable().multiply(factor));
    same(one, "total_with_tax", document.total().multiply(factor));
    same(one, "payable", document.due().multiply(factor));
  }

  private void rates(JsonNode one) throws Exception {
    List<String> taxes = new ArrayList<>();
    for (JsonNode row : one.at("/when/inputs")) {
      int first = row.size() - 2;
      String currency = first > 0 ? row.get(0).asText() : currency(one);
      CaseLine line = CaseLine.of(row.get(first).asText(), row.get(first + 1).asText());
      Issued invoice = world.bill(world.customer(currency), List.of(line));
      taxes.add(invoice.tax().toPlainString());
    }
    found.list(one, "taxes", taxes);
  }

  private void roundLineFirst(JsonNode one) throws Exception {
    CaseLine line =
        CaseLine.of(one.at("/when/unrounded_line").asText(), one.at("/given/tax_percent").asText());
    Issued invoice = world.bill(world.customer(currency(one)), List.of(line));
    same(one, "line", invoice.net());
    same(one, "tax", invoice.tax());
    same(one, "total", invoice.total());
  }

  /** Each tax on the net price, and none on the other. */
  private void components(JsonNode one) throws Exception {
    CaseLine line = CaseLine.of(one.at("/when/net").asText(), "GST:5;PST:7");
    Issued invoice = world.bill(world.customer(currency(one)), List.of(line));
    List<String> taxes = new ArrayList<>();
    for (JsonNode group : InvoiceWorld.document(invoice).path("taxes")) {
      group.path("components").forEach(each -> taxes.add(each.path("tax").asText()));
    }
    found.list(one, "taxes", taxes);
    same(one, "total_tax", invoice.tax());
  }

  private void creditThenCharge(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    world.credit(customer, CreditKind.ACCOUNT, one.at("/when/credit").asText(), 1, null);
    Issued invoice =
        world.bill(customer, List.of(CaseLine.of(one.at("/when/then_charge").asText(), "0")));
    same(one, "credit_used", invoice.prepaid().negate());
    same(one, "invoice_balance", invoice.open());
    same(one, "account_credit", world.balance(customer));
  }

  private void paid(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer(currency(one));
    Issued invoice =
        world.bill(customer, List.of(CaseLine.of(one.at("/given/invoice").asText(), "0")));
    InvoiceStates states = new InvoiceStates(world.world.database, InvoiceWorld.TESTER);
    var unused =
        states.pay(
            invoice.number(), Money.of(customer.currency(), one.at("/given/paid").asText()), "p");
    BigDecimal charged = invoice.total();
    if (one.path("when").has("refund")) {
      var unusedToo =
          states.returnPayment(
              invoice.number(),
              Money.of(customer.currency(), one.at("/when/refund").asText()),
              "p");
    } else {
      BigDecimal less = new BigDecimal(one.at("/when/item_adjustment").asText()).negate();
      String note =
          world.notes().credit(invoice.number(), List.of(new PartOfLine(1, less)), "less");
      charged = charged.subtract(world.world.invoices().require(note).total());
      same(one, "charged", charged);
      same(one, "account_credit", world.balance(customer));
    }
    same(one, "invoice_balance", world.again(invoice).open());
  }

  private void prepaidCap(JsonNode one) throws Exception {
    Matcher equal = EQUAL.matcher(one.at("/when/lines").asText());
    assertThat(equal.matches()).isTrue();
    List<CaseLine> lines = new ArrayList<>();
    for (int i = 0; i < Integer.parseInt(equal.group(1)); i++) {
      lines.add(CaseLine.of(equal.group(2), one.at("/given/tax_percent").asText()));
    }
    CaseCustomer customer = world.customer(currency(one));
    world.credit(customer, CreditKind.PREPAID, one.at("/when/prepaid").asText(), 1, null);
    Issued invoice = world.bill(customer, lines);
    same(one, "net", invoice.net());
    same(one, "tax", invoice.tax());
    same(one, "total", invoice.total());
    same(one, "prepaid_used", invoice.prepaid());
    same(one, "due", invoice.due());
  }

  /** A credit is a euro here: the grants are prepaid credit, and the rest is due. */
  private void grants(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer("EUR");
    Map<String, UUID> ids = new LinkedHashMap<>();
    for (JsonNode grant : one.at("/given/grants")) {
      int priority = 1;
      String amount = "";
      @Nullable Instant expires = null;
      for (int i = 1; i < grant.size(); i++) {
        String field = grant.get(i).asText();
        if (field.startsWith("priority ")) {
          priority = Integer.parseInt(field.substring(9));
        } else if (field.startsWith("expires ")) {
          // The year after, since the clocks of the cases begin in March.
          expires = Instant.parse(field.substring(8).replace("2026", "2027") + "T00:00:00Z");
        } else {
          amount = field;
        }
      }
      ids.put(
          grant.get(0).asText(),
          world.credit(customer, CreditKind.PREPAID, amount, priority, expires));
    }
    Issued invoice =
        world.bill(customer, List.of(CaseLine.of(one.at("/when/usage").asText(), "0")));
    if (one.path("then").has("overage")) {
      same(one, "overage", invoice.due());
      same(one, "balance", world.balance(customer));
    }
    one.at("/then/left")
        .properties()
        .forEach(
            each -> {
              UUID id = Objects.requireNonNull(ids.get(each.getKey()));
              JsonNode left =
                  world.world.http.get("/api/v1/credits/" + id).json().at("/credit/remaining");
              found.text(one, "left of " + each.getKey(), each.getValue().asText(), left.asText());
            });
  }

  /** A credit is a euro here, too; the month is over, and the credit begins the next one. */
  private void rollover(JsonNode one) throws Exception {
    CaseCustomer customer = world.customer("EUR");
    JsonNode given = one.path("given");
    Reply made =
        world.world.http.send(
            "POST",
            "/api/v1/customers/" + customer.id() + "/credits",
            """
            {"kind":"prepaid","amount":"%s","currency":"EUR","reason":"case",
             "rollover":{"least":"%s","most":"%s","keepOverage":%s}}
            """
                .formatted(
                    given.path("grant").asText(),
                    given.path("rollover_min").asText("0"),
                    given.path("rollover_max").asText("0"),
                    given.path("preserve_overage").asBoolean()));
    assertThat(made.status()).as(made.body()).isEqualTo(201);
    Issued invoice = world.billMonth(customer, one.at("/when/usage").asText());
    BigDecimal overage = invoice.due();
    for (JsonNode each : InvoiceWorld.document(invoice).path("payments")) {
      if (each.path("afterReset").asBoolean()) {
        overage = overage.add(new BigDecimal(each.path("amount").asText()));
      }
    }
    same(one, "overage", overage);
    String credit = "/api/v1/credits/" + made.json().path("creditId").asText();
    String left = world.world.http.get(credit).json().at("/credit/remaining").asText();
    found.text(one, "balance_after", left);
  }

  static List<JsonNode> charged(Issued invoice) {
    List<JsonNode> lines = new ArrayList<>();
    for (JsonNode line : InvoiceWorld.document(invoice).path("lines")) {
      if (new BigDecimal(line.path("net").asText()).signum() != 0) {
        lines.add(line);
      }
    }
    return lines;
  }

  private static String currency(JsonNode one) {
    return one.at("/given/currency").asText();
  }

  private void same(JsonNode one, String field, BigDecimal amount) {
    found.text(one, field, amount.toPlainString());
  }
}
