package io.billingsdk.server.tax;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.http.HttpTestbed.Reply;
import io.billingsdk.testbed.Proof;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The cases of taxes and tax ids through the service: for each base, customers of the case's rates
 * pay a fee of that amount, and the document must have the taxes of the case.
 */
@Tag("postgres")
class TaxCasesTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Instant BEGIN = Instant.parse("2025-06-01T00:00:00Z");

  @TempDir Path directory;

  private int number;

  private static List<JsonNode> cases() throws IOException {
    try (InputStream file = TaxCasesTest.class.getResourceAsStream("tax-cases.jsonl")) {
      String text =
          new String(
              Objects.requireNonNull(file, "tax-cases.jsonl").readAllBytes(),
              StandardCharsets.UTF_8);
      List<JsonNode> cases = new ArrayList<>();
      for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
        cases.add(JSON.readTree(line));
      }
      return cases;
    }
  }

  @Test
  void cases_throughTheService_haveTheTaxesOfTheirSources() throws Exception {
    List<String> wrong = new ArrayList<>();
    Map<String, Integer> topics = new TreeMap<>();
    int values = 0;
    try (TaxWorld world = new TaxWorld(directory)) {
      world.seller("fr", "FR");
      world.register("fr", "vat", "FR", "FR40303265045", "2025-01-01");
      world.register("fr", "oss", "FR", "FR40303265045", "2025-01-01");
      List<JsonNode> cases = new ArrayList<>(cases());
      // Those with amounts bring tables of their own.
      cases.sort(Comparator.comparing(one -> one.path("when").has("buyers") ? 0 : 1));
      for (JsonNode each : cases) {
        String topic = each.path("topic").asText();
        topics.merge(topic, 1, Integer::sum);
        values +=
            switch (topic) {
              case "tax_id.checksum" -> ids(world, each, wrong);
              case "tax.reverse_charge" -> treatments(world, each, wrong);
              default -> amounts(world, each, wrong);
            };
      }
    }
    Proof proof =
        Proof.of("tax-cases").with("cases", topics.values().stream().mapToInt(n -> n).sum());
    proof.with("values", values).with("wrong", wrong.size());
    topics.forEach(proof::with);
    proof.print();
    assertThat(wrong).isEmpty();
  }

  private int ids(TaxWorld world, JsonNode one, List<String> wrong) {
    int values = 0;
    world.customer("ids", "fr", "EUR", null, null, BEGIN);
    for (JsonNode id : one.at("/when/ids")) {
      String country = TaxNumber.parse("taxId", id.asText()).country();
      values++;
      if (set(world, "ids", country, id.asText()).status() != 200) {
        wrong.add(one.path("id").asText() + " " + id);
      }
      // A digit in the middle of each: the last ones of some are no check digits.
      String text = id.asText();
      int place = 4;
      char other = text.charAt(place) == '9' ? '0' : (char) (text.charAt(place) + 1);
      String changed = text.substring(0, place) + other + text.substring(place + 1);
      if (set(world, "ids", country, changed).status() < 400) {
        wrong.add(one.path("id").asText() + " takes " + changed);
      }
    }
    return values;
  }

  private static Reply set(TaxWorld world, String customer, String country, @Nullable String id) {
    String taxId = id == null ? "" : ",\"taxId\":\"" + id + "\"";
    return world.send(
        "PUT",
        "/customers/" + customer + "/tax",
        "{\"validFrom\":\"2025-01-01\",\"country\":\"%s\"%s}".formatted(country, taxId));
  }

  private int treatments(TaxWorld world, JsonNode one, List<String> wrong) {
    Map<String, String> expected =
        Map.of(
            "out of scope", "O 0",
            "FR standard", "S 20",
            "IT standard", "S 22",
            "reverse charge 0 %", "AE 0");
    JsonNode buyers = one.at("/when/buyers");
    for (int i = 0; i < buyers.size(); i++) {
      String customer = "buyer" + i;
      String id = buyers.get(i).path(1).textValue();
      String taxId =
          id == null
              ? null
              : id.startsWith("valid IT")
                  ? "IT00743110157"
                  : id.startsWith("valid FR") ? "FR40303265045" : id.split(" ", 2)[0];
      world.customer(customer, "fr", "EUR", buyers.get(i).get(0).asText(), taxId, BEGIN);
      JsonNode tax = world.get("/customers/" + customer + "/tax/2025-06-30");
      String treatment = tax.path("category").asText() + " " + tax.path("percent").asText();
      if (!treatment.equals(expected.get(one.at("/then/treatment/" + i).asText()))) {
        wrong.add(one.path("id").asText() + " " + buyers.get(i) + ": " + treatment);
      }
    }
    return buyers.size();
  }

  /** A fee with each base and rate of a case, as groups of one document or one after the other. */
  private int amounts(TaxWorld world, JsonNode one, List<String> wrong) throws IOException {
    List<String> taxes = new ArrayList<>();
    BigDecimal sum = BigDecimal.ZERO;
    for (Base base : bases(one)) {
      JsonNode document = billed(world, base);
      taxes.addAll(taxes(document));
      sum = sum.add(new BigDecimal(document.at("/totals/tax").asText()));
      String net = document.at("/totals/net").asText();
      if (new BigDecimal(net).compareTo(base.net()) != 0) {
        wrong.add(one.path("id").asText() + ": net " + net + ", not " + base.net());
      }
    }
    List<String> expected = new ArrayList<>();
    JsonNode then = one.path("then");
    then.path("taxes").forEach(each -> expected.add(each.asText().replace("-", "")));
    if (then.path("taxes").isMissingNode()) {
      expected.add(then.path("tax").asText());
    }
    if (!taxes.equals(expected)) {
      wrong.add(one.path("id").asText() + ": " + taxes + ", not " + expected);
    }
    for (String name : new String[] {"tax_total", "total_tax"}) {
      if (then.has(name) && new BigDecimal(then.path(name).asText()).abs().compareTo(sum) != 0) {
        wrong.add(one.path("id").asText() + ": " + name + " " + sum);
      }
    }
    return taxes.size();
  }

  /** Of a tax with components those of the components. */
  private static List<String> taxes(JsonNode document) {
    JsonNode tax = document.at("/taxes/0");
    return tax.has("components")
        ? tax.path("components").findValuesAsText("tax")
        : List.of(tax.path("tax").asText());
  }

  private record Base(
      String currency, String fee, BigDecimal net, String percent, String components) {}

  private static List<Base> bases(JsonNode one) {
    String currency = one.at("/given/currency").asText("EUR");
    JsonNode when = one.path("when");
    List<Base> bases = new ArrayList<>();
    for (JsonNode each : when.path("groups")) {
      bases.add(base(currency, each.get(0).asText(), each.get(1).asText()));
    }
    for (JsonNode each : when.path("inputs")) {
      boolean hasCurrency = each.size() == 3;
      bases.add(
          base(
              hasCurrency ? each.get(0).asText() : currency,
              each.get(hasCurrency ? 1 : 0).asText(),
              each.get(hasCurrency ? 2 : 1).asText()));
    }
    if (when.has("unrounded_line")) {
      bases.add(
          new Base(
              currency,
              when.path("unrounded_line").asText(),
              new BigDecimal(one.at("/then/line").asText()),
              one.at("/given/tax_percent").asText(),
              ""));
    }
    if (when.has("net")) {
      String net = when.path("net").asText();
      bases.add(new Base(currency, net, new BigDecimal(net), "12", "GST:5;PST:7"));
    }
    return bases;
  }

  /** A negative invoice is a credit note, whose amounts are positive. */
  private static Base base(String currency, String net, String percent) {
    BigDecimal amount = new BigDecimal(net).abs();
    return new Base(currency, amount.toPlainString(), amount, percent, "");
  }

  /** The first document of a customer in a country whose rate is that of the case. */
  private JsonNode billed(TaxWorld world, Base base) throws IOException {
    number++;
    Reply rates =
        world.file(
            "/tax/rates",
            """
            edition,2027-01-%02d
            country,region,percent,valid_from,valid_to,source,components
            FR,,%s,2014-01-01,,the case,%s
            """
                .formatted(number, base.percent(), base.components()));
    assertThat(rates.status()).as(rates.body()).isEqualTo(200);
    if (!base.currency().equals("EUR")) {
      var unused =
          world.file(
              "/tax/exchange-rates",
              "day,base,quote,rate,source\n2025-05-30,EUR," + base.currency() + ",2,the case");
    }
    String plan = "p" + number;
    world.plan(plan, base.currency(), base.fee(), "1", BEGIN.minusSeconds(1));
    String customer = "c" + number;
    world.customer(customer, "fr", base.currency(), "FR", null, BEGIN);
    world.subscribe(customer, plan);
    world.bill(customer);
    List<JsonNode> documents = world.documents(customer);
    assertThat(documents).as(world.failure(customer)).hasSize(1);
    world.verify(customer);
    return documents.get(0);
  }
}
