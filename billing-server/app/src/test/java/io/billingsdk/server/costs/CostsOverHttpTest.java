package io.billingsdk.server.costs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.server.costs.CostServer.Answer;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** States of costs, re-ratings and their undo, and what is refused, at a whole server. */
@Tag("postgres")
class CostsOverHttpTest {
  private static final String RERATINGS = "/costs/reratings";

  @TempDir static Path directory;

  @SuppressWarnings("NullAway.Init")
  private static CostServer server;

  private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(600);

  @BeforeAll
  static void start() {
    server = new CostServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void amount(JsonNode cost, String expected) {
    assertThat(new BigDecimal(cost.path("amount").asText("none"))).isEqualByComparingTo(expected);
  }

  private JsonNode one(String model, String more) {
    server.send(server.event(model, at, more));
    return server.awaitCosts(model, 1).get(0);
  }

  private static Answer rerate(String more) {
    return server.ask("POST", RERATINGS, ("{" + more + "}").replace('\'', '"'));
  }

  private String range() {
    return "'from':'%s','to':'%s'".formatted(at.minusSeconds(60), at.plusSeconds(60));
  }

  @Test
  void shippedPrices_ofAFreshServer_makeCosts() {
    String split = "'quantities':{'input_tokens':1000,'output_tokens':500}";
    JsonNode tokens = one("gpt-4", "'usage':1500," + split);
    amount(tokens, "0.06");
    assertThat(tokens.path("state").asText()).isEqualTo("priced");
    assertThat(tokens.path("unit").asText()).isEqualTo("tokens");
    assertThat(tokens.path("quantity").asText()).isEqualTo("1500");
    amount(one("google_video_ai", "'usage':1.5,'metadata':{'unit':'minutes'}"), "0.15");
    amount(one("cloudflare_stream", "'usage':90,'metadata':{'unit':'seconds'}"), "0.008");
    amount(one("s3", "'usage':2,'metadata':{'unit':'GB'}"), "0.02");
  }

  @Test
  void service_whoseNameHasAPrice_isPricedByIt() {
    String event = server.event("transcribe", at, "'usage':10,'metadata':{'unit':'minutes'}");
    server.send(event.replace("\"llm\"", "\"whisper\""));
    amount(server.awaitCosts("transcribe", 1).get(0), "0.06");
  }

  @Test
  void plainUsage_thatSaysNoUnit_hasNoCost() {
    server.send(server.event("plain", at, "'usage':7"));
    one("after-plain", "'usage':7,'quantities':{'input_tokens':7}");
    assertThat(server.costs("plain")).isEmpty();
  }

  @Test
  void unknownModel_isNamed_andPricedLaterByOneCommand() {
    JsonNode unknown =
        one(
            "gpt-99",
            "'usage':9,'quantities':{'input_tokens':9}," + "'metadata':{'reported_cost':'0.7'}");
    assertThat(unknown.path("state").asText()).isEqualTo("unknown");
    assertThat(unknown.has("amount")).isFalse();
    assertThat(unknown.path("reported").asText()).isEqualTo("0.7");
    assertThat(server.get("/costs/unknown").path("items").toString())
        .contains("\"no price of gpt-99\"");
    server.importPrice(CostServer.price("gpt-99", "input_tokens", "2", "1m_tokens"));
    String what = "'unknownOnly':true,'model':'gpt-99'";
    JsonNode dry = rerate(what + ",'dryRun':true").json();
    assertThat(dry.path("nowPriced").asInt()).isEqualTo(1);
    assertThat(server.costs("gpt-99").get(0).path("state").asText()).isEqualTo("unknown");
    String fingerprint = dry.path("fingerprint").asText();
    String approved = ",'reason':'the price is there','fingerprint':'" + fingerprint + "'";
    assertThat(rerate(what + approved).json().path("changed").asInt()).isEqualTo(1);
    JsonNode priced = server.costs("gpt-99").get(0);
    amount(priced, "0.000018");
    assertThat(priced.path("revision").asInt()).isEqualTo(2);
    assertThat(server.explain(priced).at("/revisions/0/state").asText()).isEqualTo("unknown");
  }

  @Test
  void reRating_isUndone_andEachRevisionStays() {
    server.importPrice(CostServer.price("fixed", "input_tokens", "1", "1m_tokens"));
    amount(one("fixed", "'usage':1000000,'quantities':{'input_tokens':1000000}"), "1");
    String wrong = server.importPrice(CostServer.price("fixed", "input_tokens", "3", "1m_tokens"));
    amount(server.costs("fixed").get(0), "1");
    String what = range() + ",'model':'fixed'";
    JsonNode dry = rerate(what + ",'dryRun':true").json();
    assertThat(dry.at("/differences/USD").asText()).isEqualTo("2");
    assertThat(dry.path("catalogue").asText()).isEqualTo(wrong);
    String reason = ",'reason':'the list was wrong'";
    Answer other = rerate(what + reason + ",'fingerprint':'0123456789abcdef'");
    assertThat(other.status()).isEqualTo(409);
    String fingerprint = ",'fingerprint':'" + dry.path("fingerprint").asText() + "'";
    JsonNode done = rerate(what + reason + fingerprint).json();
    amount(server.costs("fixed").get(0), "3");
    String undo = RERATINGS + "/" + done.path("id").asText() + "/undo";
    JsonNode undone = server.post(undo, "{\"reason\":\"it was right\"}");
    assertThat(undone.at("/differences/USD").asText()).isEqualTo("-2");
    JsonNode cost = server.costs("fixed").get(0);
    amount(cost, "1");
    assertThat(cost.path("revision").asInt()).isEqualTo(3);
    assertThat(server.explain(cost).path("revisions")).hasSize(2);
    amountOfLines(server.explain(cost), "1");
    assertThat(server.ask("POST", undo, "{\"reason\":\"twice\"}").status()).isEqualTo(409);
    assertThat(server.get("/audit?action=costs.").toString())
        .contains("costs.rerate", "costs.undo", "the list was wrong");
  }

  private static void amountOfLines(JsonNode explained, String expected) {
    List<JsonNode> lines = List.of(explained.at("/lines/0"));
    assertThat(CostServer.sum(lines, "amount")).isEqualByComparingTo(expected);
  }

  @Test
  void undo_ofACostThatWasChangedAgain_isRefused() {
    server.importPrice(CostServer.price("twice", "input_tokens", "1", "1m_tokens"));
    one("twice", "'usage':1,'quantities':{'input_tokens':1000000}");
    String what = range() + ",'model':'twice','reason':'r'";
    long first = 0;
    for (String price : List.of("2", "4")) {
      server.importPrice(CostServer.price("twice", "input_tokens", price, "1m_tokens"));
      String fingerprint = rerate(what + ",'dryRun':true").json().path("fingerprint").asText();
      JsonNode done = rerate(what + ",'fingerprint':'" + fingerprint + "'").json();
      first = first == 0 ? done.path("id").asLong() : first;
    }
    Answer refused = server.ask("POST", RERATINGS + "/" + first + "/undo", "{\"reason\":\"r\"}");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.json().toString()).contains("Undo the later change first");
    amount(server.costs("twice").get(0), "4");
  }

  @Test
  void priceOfTheTimeOfUse_counts_alsoWhenItIsRatedLater() {
    ObjectNode before = CostServer.price("dated", "input_tokens", "1", "1m_tokens");
    server.importPrice(before);
    ObjectNode after = CostServer.price("dated", "input_tokens", "5", "1m_tokens");
    server.importPrice(after.put("validFrom", at.plus(Duration.ofMinutes(5)).toString()));
    amount(one("dated", "'usage':1,'quantities':{'input_tokens':1000000}"), "1");
    JsonNode dry = rerate(range() + ",'model':'dated','dryRun':true").json();
    assertThat(dry.path("changed").asInt()).isZero();
    assertThat(dry.path("unchanged").asInt()).isEqualTo(1);
  }

  @Test
  void usage_thatIsImpossible_isUnknownAndNamed() {
    JsonNode negative =
        one(
            "bad-body",
            "'usage':1,'metadata':{'usage_format':'openai_chat',"
                + "'provider_usage':{'prompt_tokens':-5,'completion_tokens':1}}");
    assertThat(negative.path("state").asText()).isEqualTo("unknown");
    assertThat(negative.path("reason").asText()).contains("prompt_tokens", "at least 0");
    JsonNode unit = one("bad-unit", "'usage':1,'metadata':{'unit':'furlongs'}");
    assertThat(unit.path("reason").asText()).contains("furlongs", "minutes");
    JsonNode format = one("bad-format", "'usage':1,'metadata':{'usage_format':'fax'}");
    assertThat(format.path("reason").asText()).contains("fax", "openai_chat");
    JsonNode tokens = one("gpt-3.5-turbo", "'usage':9,'metadata':{'unit':'tokens'}");
    assertThat(tokens.path("reason").asText()).contains("input_tokens and output_tokens");
  }

  @Test
  void priceFile_thatIsWrong_isRefusedByTheNameOfItsField() {
    ObjectNode unit = CostServer.price("bad", "input_tokens", "1", "minute");
    refused(unit, "prices[0].prices.input_tokens.per");
    refused(CostServer.price("bad", "input_tokens", "-1", "1m_tokens"), "price");
    ObjectNode overlap = CostServer.price("bad", "input_tokens", "1", "1m_tokens");
    ObjectNode file = CostServer.JSON.createObjectNode();
    file.putObject("file").put("version", 1).putArray("prices").add(overlap).add(overlap);
    findings(file, "overlap");
    ObjectNode euro = CostServer.price("bad", "input_tokens", "1", "1m_tokens");
    euro.put("currency", "EUR").put("serviceTier", "flex");
    ObjectNode mixed = CostServer.JSON.createObjectNode();
    mixed.putObject("file").put("version", 1).putArray("prices").add(overlap).add(euro);
    findings(mixed, "currency");
  }

  private static void refused(ObjectNode row, String field) {
    ObjectNode file = CostServer.JSON.createObjectNode();
    file.putObject("file").put("version", 1).putArray("prices").add(row);
    Answer answer = server.ask("POST", "/prices/plan", file.toString());
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(400);
    assertThat(answer.json().path("field").asText()).contains(field);
  }

  private static void findings(ObjectNode file, String code) {
    JsonNode plan = server.post("/prices/plan", file.toString());
    assertThat(plan.path("findings").toString()).contains(code);
    file.set("fingerprint", plan.path("fingerprint"));
    Answer answer = server.ask("POST", "/prices/import", file.put("reason", "r").toString());
    assertThat(answer.status()).as(answer.json().toString()).isEqualTo(409);
  }

  @Test
  void largeChange_stopsUntilItIsAccepted_andOverridesWin() {
    server.importPrice(CostServer.price("grown", "input_tokens", "1", "1m_tokens"));
    ObjectNode body = CostServer.JSON.createObjectNode();
    ObjectNode more = CostServer.price("grown", "input_tokens", "2", "1m_tokens");
    body.putObject("file").put("version", 1).putArray("prices").add(more);
    body.put("reason", "r");
    JsonNode plan = server.post("/prices/plan", "{\"file\":" + body.path("file") + "}");
    body.set("fingerprint", plan.path("fingerprint"));
    Answer stopped = server.ask("POST", "/prices/import", body.toString());
    assertThat(stopped.status()).isEqualTo(409);
    ObjectNode own = CostServer.price("grown", "input_tokens", "0.5", "1m_tokens");
    server.importPrice(own.put("accountOverride", true));
    amount(one("grown", "'usage':1,'quantities':{'input_tokens':1000000}"), "0.5");
    assertThat(server.get("/prices?model=grown").path("items")).hasSize(2);
    assertThat(server.get("/prices/catalogues?limit=1").at("/items/0/reason").asText())
        .isEqualTo("a test");
  }

  @Test
  void range_withoutAnEnd_isRefusedByName() {
    assertThat(server.ask("GET", "/costs?from=" + at, null).json().path("field").asText())
        .isEqualTo("to");
    Answer open = rerate("'from':'" + at + "','dryRun':true");
    assertThat(open.status()).isEqualTo(400);
    assertThat(open.json().path("field").asText()).isEqualTo("to");
    assertThat(rerate(range() + ",'reason':'r'").json().path("field").asText())
        .isEqualTo("fingerprint");
  }
}
