package io.billingsdk.server.invoices;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.rating.Discount;
import io.billingsdk.rating.Money;
import io.billingsdk.rating.TaxRate;
import io.billingsdk.rating.TaxRate.Component;
import io.billingsdk.server.catalog.PlanFile;
import io.billingsdk.server.catalog.PlanImport;
import io.billingsdk.server.catalog.PlanImport.ImportOptions;
import io.billingsdk.server.credits.Coupons;
import io.billingsdk.server.credits.Coupons.NewCoupon;
import io.billingsdk.server.credits.CreditState.CreditKind;
import io.billingsdk.server.credits.Credits;
import io.billingsdk.server.credits.Credits.CreditSource;
import io.billingsdk.server.credits.Credits.NewCredit;
import io.billingsdk.server.customers.CustomerClocks;
import io.billingsdk.server.customers.Customers;
import io.billingsdk.server.customers.Customers.NewCustomer;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.server.keys.KeyAdmin;
import io.billingsdk.server.keys.KeyEntitlements;
import io.billingsdk.server.subscriptions.Subscription;
import io.billingsdk.server.subscriptions.SubscriptionTime;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Makes invoices with given lines through the service: each line is usage at a price of 1, and each
 * tax rate is a day, since a line has the tax of the last day of its segment.
 */
final class MoneyCaseWorld implements AutoCloseable {
  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  static final Instant FEBRUARY = Instant.parse("2026-02-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final ZoneId SELLER = ZoneId.of("Europe/Berlin");
  private static final int CHARGES = 10;

  final InvoiceWorld world;
  private final Map<String, Map<LocalDate, TaxRate>> taxes = new HashMap<>();
  private final List<String> plans = new ArrayList<>();
  private int customers;
  private int events;

  MoneyCaseWorld(Path directory) {
    world = new InvoiceWorld(directory);
  }

  /**
   * A line: its amount before the discount of the line, that discount, and the tax, as 19 or with
   * components, as GST:5;PST:7.
   */
  record CaseLine(String amount, String discountPercent, String taxPercent) {
    static CaseLine of(String amount, String taxPercent) {
      return new CaseLine(amount, "0", taxPercent);
    }
  }

  /** A customer that is billed next. */
  record CaseCustomer(String id, String currency) {}

  CaseCustomer customer(String currency) {
    return customer(currency, BEGIN);
  }

  /** Whose clock begins at a moment. */
  CaseCustomer customer(String currency, Instant begin) {
    String id = "case" + ++customers;
    NewCustomer wanted =
        new NewCustomer(id, id, currency, "UTC", "en", "acme", null, List.of(), begin);
    new Customers(world.database, InvoiceWorld.TESTER).create(wanted);
    KeyAdmin keys = new KeyAdmin(world.database, null, InvoiceWorld.TESTER);
    keys.createApp(id, id);
    keys.importKey("k_" + id, "sk-" + id, id, KeyEntitlements.UNLIMITED, /* legacy= */ false);
    new Customers(world.database, InvoiceWorld.TESTER).assign(id, id, begin.minus(DAY));
    return new CaseCustomer(id, currency);
  }

  /** Bills these lines; the invoice. */
  Issued bill(CaseCustomer customer, List<CaseLine> lines) throws InterruptedException {
    Map<String, List<CaseLine>> byRate = new LinkedHashMap<>();
    lines.forEach(
        line -> byRate.computeIfAbsent(line.taxPercent(), none -> new ArrayList<>()).add(line));
    String plan = plan(customer.currency(), lines);
    Subscription subscription = SubscriptionTime.start(world.database, customer.id(), plan + "a");
    Instant day = new CustomerClocks(world.database).now(customer.id());
    int segment = 0;
    int charge = 0;
    for (List<CaseLine> ofRate : byRate.values()) {
      if (segment > 0) {
        SubscriptionTime.switchNow(
            world.database, subscription.id(), plan + (segment % 2 == 0 ? "a" : "b"));
      }
      for (CaseLine line : ofRate) {
        use(customer, day.plusSeconds(600), charge++, line.amount());
      }
      day = day.plus(DAY);
      tax(customer, day, ofRate.get(0).taxPercent());
      world.move(customer.id(), day);
      segment++;
    }
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move(customer.id(), day.plus(Duration.ofHours(2)));
    run(customer);
    return latest(customer);
  }

  /** Bills usage of a whole month at a price of 1, after which another month begins. */
  Issued billMonth(CaseCustomer customer, String usage) throws InterruptedException {
    String plan = plan(customer.currency(), List.of(CaseLine.of(usage, "0")));
    var unused = SubscriptionTime.start(world.database, customer.id(), plan + "a");
    Instant begin = new CustomerClocks(world.database).now(customer.id());
    use(customer, begin.plusSeconds(600), 0, usage);
    Instant end = begin.atZone(ZoneOffset.UTC).plusMonths(1).toInstant();
    tax(customer, end, "0");
    world.move(customer.id(), end.plus(Duration.ofHours(2)));
    run(customer);
    return latest(customer);
  }

  /** Bills usage at the price of a cent. */
  Issued billCents(CaseCustomer customer, BigDecimal usage) throws InterruptedException {
    String plan = "cents" + customer.id();
    publish(
        "  - {plan: %s, name: Cents, currency: %s, interval: month, entitlements: {models: all},\n"
                .formatted(plan, customer.currency())
            + "     charges: [{id: l, name: L, kind: metered, meter: meter0,\n"
            + "       price: {model: unit, price: 0.01}}]}\n");
    Subscription subscription = SubscriptionTime.start(world.database, customer.id(), plan);
    Instant begin = new CustomerClocks(world.database).now(customer.id());
    use(customer, begin.plusSeconds(600), 0, usage.toPlainString());
    tax(customer, begin.plus(DAY), "0");
    world.move(customer.id(), begin.plus(DAY));
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move(customer.id(), begin.plus(DAY).plus(Duration.ofHours(2)));
    run(customer);
    return latest(customer);
  }

  private void tax(CaseCustomer customer, Instant end, String percent) {
    LocalDate day = end.minusNanos(1).atZone(SELLER).toLocalDate();
    taxes.computeIfAbsent(customer.id(), none -> new HashMap<>()).put(day, rate(percent));
  }

  private static TaxRate rate(String percent) {
    if (percent.contains(":")) {
      return TaxRate.of(
          "S",
          Arrays.stream(percent.split(";", -1))
              .map(each -> each.split(":", 2))
              .map(each -> Component.of(each[0], each[1]))
              .toArray(Component[]::new));
    }
    return TaxRate.of(percent.equals("0") ? "Z" : "S", percent);
  }

  /** A fee in advance for April, cancelled after its first day: the credit note. */
  Issued cancelled(CaseCustomer customer, String price, String percent)
      throws InterruptedException {
    world.move(customer.id(), Instant.parse("2026-04-01T00:00:00Z"));
    return cancelledAfter(customer, price, percent, 1, /* isPaid= */ false);
  }

  /** A fee in advance from now on, cancelled after some days: the credit note. */
  Issued cancelledAfter(
      CaseCustomer customer, String price, String percent, int days, boolean isPaid)
      throws InterruptedException {
    String plan = "fee" + customer.id();
    publish(
        "  - {plan: %s, name: Fee, currency: %s, interval: month, entitlements: {models: all},\n"
                .formatted(plan, customer.currency())
            + "     charges: [{id: base, name: Base, kind: flatInAdvance,\n"
            + "       price: {model: flat, amount: %s}}]}\n".formatted(price));
    Instant begin = new CustomerClocks(world.database).now(customer.id());
    tax(customer, begin.plusNanos(1), percent);
    Subscription subscription = SubscriptionTime.start(world.database, customer.id(), plan);
    run(customer);
    if (isPaid) {
      Issued fee = latest(customer);
      var unused =
          new InvoiceStates(world.database, InvoiceWorld.TESTER)
              .pay(fee.number(), Money.of(customer.currency(), fee.total()), "p");
    }
    Instant end = begin.plus(Duration.ofDays(days));
    new CustomerClocks(world.database).moveTo(InvoiceWorld.TESTER, customer.id(), end);
    SubscriptionTime.cancelNow(world.database, subscription.id());
    world.move(customer.id(), end.plus(DAY));
    run(customer);
    return latest(customer);
  }

  void run(CaseCustomer customer) throws InterruptedException {
    new Spans(world.database).noteOf(customer.id());
    var unused =
        new InvoiceRun(
                world.database,
                (seller, payer, day) ->
                    Objects.requireNonNull(
                        taxes.getOrDefault(payer.id(), Map.of()).get(day), "no tax of " + day),
                InvoiceWorld.TESTER)
            .run(customer.id(), /* eager= */ true, progress -> {});
  }

  void coupon(CaseCustomer customer, JsonNode amount) {
    Coupons coupons = new Coupons(world.database, InvoiceWorld.TESTER);
    String id = "coupon-" + customer.id();
    Discount discount = Discount.amount(Money.of(customer.currency(), amount.asText()));
    coupons.create(new NewCoupon(id, id, discount, 1, Instant.EPOCH, null));
    var unused = coupons.give(id, customer.id(), null);
  }

  UUID credit(
      CaseCustomer customer,
      CreditKind kind,
      String amount,
      int priority,
      @Nullable Instant expires) {
    return credits()
        .add(
            new NewCredit(
                customer.id(),
                kind,
                CreditSource.OPERATOR,
                Money.of(customer.currency(), amount),
                priority,
                expires,
                null,
                "case"));
  }

  BigDecimal balance(CaseCustomer customer) {
    return credits().balance(customer.id(), customer.currency()).amount();
  }

  CreditNotes notes() {
    return new CreditNotes(world.database, InvoiceWorld.TESTER);
  }

  private Credits credits() {
    return new Credits(world.database, InvoiceWorld.TESTER);
  }

  Issued latest(CaseCustomer customer) {
    List<Issued> all = world.of(customer.id());
    return all.get(all.size() - 1);
  }

  Issued again(Issued issued) {
    return world.invoices().require(issued.number());
  }

  /** Corrects all usage of a customer to 0. */
  void correctAll(CaseCustomer customer) {
    String found = "/api/v1/events?appId=" + customer.id();
    for (JsonNode each : world.http.get(found).json().path("items")) {
      Reply corrected =
          world.http.send(
              "POST",
              "/api/v1/corrections",
              "{\"stream\":\"%s\",\"seq\":%s,\"occurredAt\":\"%s\",\"usage\":0,\"reason\":\"r\"}"
                  .formatted(
                      each.path("stream").asText(),
                      each.path("seq"),
                      each.path("occurredAt").asText()));
      assertThat(corrected.status()).as(corrected.body()).isBetween(200, 201);
    }
  }

  private void use(CaseCustomer customer, Instant at, int charge, String amount) {
    Reply stored =
        world.http.send(
            "POST",
            "/api/v1/events",
            """
            {"keyId":"k_%s","module":"m%d","model":"m","usage":"%s","occurredAt":"%s",
             "metadata":{"n":"%d"}}
            """
                .formatted(customer.id(), charge, amount, at, ++events));
    assertThat(stored.status()).as(stored.body()).isBetween(200, 299);
  }

  /** Two plans with the same price, so that a switch takes effect at once. */
  private String plan(String currency, List<CaseLine> lines) {
    List<String> discounts = lines.stream().map(CaseLine::discountPercent).toList();
    String name =
        "p" + Integer.toHexString((currency + String.join("-", discounts)).hashCode()) + "-";
    if (plans.contains(name)) {
      return name;
    }
    plans.add(name);
    StringBuilder file = new StringBuilder();
    for (String each : List.of("a", "b")) {
      file.append(
          "  - {plan: %s, name: Plan, currency: %s, interval: month, entitlements: {models: all},\n"
              .formatted(name + each, currency));
      file.append("     charges: [");
      for (int i = 0; i < CHARGES; i++) {
        String discount =
            i < discounts.size() && !discounts.get(i).equals("0")
                ? ", discount: {percent: %s}".formatted(discounts.get(i))
                : "";
        file.append(i == 0 ? "" : ", ")
            .append(
                "{id: l%d, name: L%d, kind: metered, meter: meter%d%s, price: {model: unit, price: 1}}"
                    .formatted(i, i, i, discount));
      }
      file.append("]}\n");
    }
    publish(file.toString());
    return name;
  }

  private void publish(String planRows) {
    String meters =
        IntStream.range(0, CHARGES)
            .mapToObj(
                i ->
                    "  - {slug: meter%d, unit: unit, module: m%d, value: usage, aggregation: sum}\n"
                        .formatted(i, i))
            .collect(Collectors.joining());
    var unused =
        new PlanImport(world.database, InvoiceWorld.TESTER)
            .run(
                PlanFile.parse("meters:\n" + meters + "plans:\n" + planRows),
                new ImportOptions(true, FEBRUARY.minusSeconds(1), false));
  }

  @Override
  public void close() {
    world.close();
  }
}
