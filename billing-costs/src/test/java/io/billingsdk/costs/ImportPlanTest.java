package io.billingsdk.costs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ImportPlanTest {
  private static final Instant MAY = Instant.parse("2026-05-01T00:00:00Z");

  @Test
  void shippedPrices_costWhatTheyShould() {
    CostRating rating = CostRating.of(Catalogue.shipped());
    assertThat(cost(rating, "google", "google_video_ai", Bucket.VIDEO_SECONDS, "90"))
        .isEqualByComparingTo("0.15");
    assertThat(cost(rating, "openai", "whisper", Bucket.AUDIO_SECONDS, "90"))
        .isEqualByComparingTo("0.009");
    assertThat(cost(rating, "openai", "gpt-3.5-turbo", Bucket.OUTPUT, "500"))
        .isEqualByComparingTo("0.001");
    assertThat(cost(rating, "cloudflare", "cloudflare_stream", Bucket.VIDEO_SECONDS, "90"))
        .isEqualByComparingTo("0.008");
    assertThat(cost(rating, "aws", "s3", Bucket.BYTES, "1073741824")).isEqualByComparingTo("0.01");
    assertThat(cost(rating, "aws", "cloudfront", Bucket.BYTES, "2147483648"))
        .isEqualByComparingTo("0.17");
  }

  private static BigDecimal cost(
      CostRating rating, String provider, String model, Bucket bucket, String quantity) {
    CanonicalUsage usage = CanonicalUsage.of(Map.of(bucket, new BigDecimal(quantity)));
    return rating.rate(PriceQuery.of(provider, model, MAY), usage).amount().orElseThrow();
  }

  @Test
  void laterPrice_closesTheOneBefore_andStopsWhenItIsLarge() {
    Catalogue present = approved(Catalogue.EMPTY, file(row("", "1")));
    ImportPlan plan =
        ImportPlan.of(present, file(row("\"validFrom\":\"2026-05-01T00:00:00Z\",", "1.3")));
    assertThat(plan.differences())
        .extracting(PriceDifference::kind)
        .containsExactly(PriceDifference.Kind.CLOSED, PriceDifference.Kind.ADDED);
    assertThat(plan.findings()).extracting(ImportFinding::code).containsExactly("large_change");
    String fingerprint = plan.fingerprint();
    assertThatThrownBy(() -> plan.approve(present, fingerprint, Set.of()))
        .isInstanceOf(CostInputException.class)
        .hasMessageContaining("within 20 %");
    Catalogue next = plan.approve(present, fingerprint, Set.of(plan.findings().get(0).id()));
    CostRating rating = CostRating.of(next);
    assertThat(rate(rating, MAY.minusSeconds(1))).isEqualByComparingTo("1");
    assertThat(rate(rating, MAY)).isEqualByComparingTo("1.3");
    assertThat(next.version()).isNotEqualTo(present.version());
    assertThat(ImportPlan.of(next, file(row("", "1"))).differences())
        .as("the file of before, with an open end")
        .isNotEmpty();
  }

  private static BigDecimal rate(CostRating rating, Instant at) {
    CanonicalUsage usage = CanonicalUsage.of(Map.of(Bucket.INPUT, new BigDecimal("1000000")));
    return rating.rate(PriceQuery.of("p", "m", at), usage).amount().orElseThrow();
  }

  @Test
  void changes_ofEachSize_areFoundByTheirRule() {
    Catalogue present = approved(Catalogue.EMPTY, file(row("", "1")));
    assertThat(codes(present, "1")).isEmpty();
    assertThat(codes(present, "1.2")).isEmpty();
    assertThat(codes(present, "0.8")).isEmpty();
    assertThat(codes(present, "1.21")).containsExactly("large_change");
    assertThat(codes(present, "0.79")).containsExactly("large_change");
    assertThat(codes(present, "1000")).containsExactly("factor");
    assertThat(codes(present, "0.001")).containsExactly("factor");
    assertThat(codes(present, "0")).containsExactly("free");
    PriceFile other = file(row("", "1.005").replace("\"test\"", "\"other\""));
    assertThat(ImportPlan.of(present, other).findings())
        .extracting(ImportFinding::code)
        .containsExactly("sources_agree");
    PriceFile far = file(row("", "1.1").replace("\"test\"", "\"other\""));
    assertThat(ImportPlan.of(present, far).findings())
        .extracting(ImportFinding::code)
        .containsExactly("sources_differ");
  }

  private static List<String> codes(Catalogue present, String price) {
    return ImportPlan.of(present, file(row("", price))).findings().stream()
        .map(ImportFinding::code)
        .toList();
  }

  @Test
  void currencyAndShareOfBatches_thatChange_stop() {
    Catalogue present = approved(Catalogue.EMPTY, file(batch("0.5")));
    assertThat(batchCodes(present, batch("0.5"))).isEmpty();
    assertThat(batchCodes(present, batch("0.6"))).isEmpty();
    assertThat(batchCodes(present, batch("0.61"))).containsExactly("large_change");
    assertThat(batchCodes(present, batch("0.0005"))).containsExactly("factor");
    assertThat(batchCodes(present, row("", "1"))).containsExactly("free");
    assertThat(batchCodes(present, batch("0.5").replace("USD", "EUR")))
        .containsExactly("large_change");
    assertThat(batchCodes(present, batch("0.5").replace("USD", "EUR").replace("test", "other")))
        .containsExactly("large_change", "sources_differ");
  }

  private static String batch(String share) {
    return row("\"batchMultiplier\":\"" + share + "\",", "1");
  }

  private static List<String> batchCodes(Catalogue present, String row) {
    return ImportPlan.of(present, file(row)).findings().stream().map(ImportFinding::code).toList();
  }

  @Test
  void namesOfAModel_thatChangeAlone_areADifference() {
    String one = row("\"match\":{\"regex\":\"^m-\"},", "1");
    String two = row("\"match\":{\"starts_with\":\"n-\"},", "1");
    Catalogue present = approved(Catalogue.EMPTY, file(one));
    assertThat(ImportPlan.of(present, file(one)).unchanged()).isEqualTo(1);
    ImportPlan plan = ImportPlan.of(present, file(two));
    assertThat(plan.differences())
        .singleElement()
        .asString()
        .contains("match Regex[pattern=^m-]", "match StartsWith[text=n-]");
    CanonicalUsage usage = CanonicalUsage.of(Map.of(Bucket.INPUT, BigDecimal.TEN));
    CostRating rating = CostRating.of(plan.approve(present, plan.fingerprint(), Set.of()));
    assertThat(rating.rate(PriceQuery.of("p", "n-1", MAY), usage).amount()).isPresent();
    assertThat(rating.rate(PriceQuery.of("p", "m-1", MAY), usage).amount()).isEmpty();
  }

  @Test
  void dayOfALaterLook_isKept_andIsNoDifference() {
    Catalogue present = approved(Catalogue.EMPTY, file(row("\"checkedOn\":\"2026-01-01\",", "1")));
    ImportPlan plan = ImportPlan.of(present, file(row("\"checkedOn\":\"2026-05-01\",", "1")));
    assertThat(plan.differences()).isEmpty();
    assertThat(plan.unchanged()).isEqualTo(1);
    Catalogue next = plan.approve(present, plan.fingerprint(), Set.of());
    assertThat(next).isEqualTo(present);
    assertThat(next.rows().get(0).source().checkedOn()).contains(LocalDate.of(2026, 5, 1));
  }

  @Test
  void approval_ofAnotherPlanOrCatalogue_isRefused() {
    Catalogue present = approved(Catalogue.EMPTY, file(row("", "1")));
    ImportPlan plan = ImportPlan.of(present, file(row("", "1.1")));
    assertThatThrownBy(() -> plan.approve(present, "another", Set.of()))
        .hasMessageContaining("fingerprint");
    assertThatThrownBy(() -> plan.approve(Catalogue.EMPTY, plan.fingerprint(), Set.of()))
        .hasMessageContaining("catalogue");
    assertThat(plan.differences()).hasSize(1);
    assertThat(plan.differences().get(0).toString()).startsWith("changed p m");
  }

  @Test
  void rowsThatContradictEachOther_areErrors() {
    refusedPlan("overlap", row("", "1"), row("", "2"));
    refusedPlan(
        "overlap",
        row("\"validFrom\":\"2026-01-01T00:00:00Z\",", "1"),
        row("\"validFrom\":\"2026-02-01T00:00:00Z\",", "2"));
    refusedPlan(
        "overlap",
        row("\"window\":\"22:00-02:00\",", "1"),
        row("\"window\":\"01:00-03:00\",", "2"));
    refusedPlan(
        "currency", row("", "1"), row("\"serviceTier\":\"flex\",", "2").replace("USD", "EUR"));
  }

  private static void refusedPlan(String code, String... rows) {
    PriceFile file = file(rows);
    ImportPlan plan = ImportPlan.of(Catalogue.EMPTY, file);
    assertThat(plan.findings()).extracting(ImportFinding::code).contains(code);
    Set<String> all =
        Set.copyOf(plan.findings().stream().map(ImportFinding::id).distinct().toList());
    assertThatThrownBy(() -> plan.approve(Catalogue.EMPTY, plan.fingerprint(), all))
        .isInstanceOf(CostInputException.class);
    assertThatThrownBy(() -> Catalogue.of(file.rows())).isInstanceOf(CostInputException.class);
  }

  @Test
  void manyRowsOfOneKey_areRefusedWithoutAFindingForEachPair() {
    String[] rows = new String[2_000];
    Arrays.fill(rows, row("", "1"));
    assertThat(ImportPlan.of(Catalogue.EMPTY, file(rows)).findings()).hasSize(1_000);
    PriceRow row = file(rows[0]).rows().get(0);
    assertThatThrownBy(() -> new PriceFile(Collections.nCopies(20_001, row), List.of()))
        .hasMessage("prices must be 0 to 20000, but is 20001");
  }

  @Test
  void brokenFiles_areRefusedWithTheField() {
    refusedFile("{}", "version");
    refusedFile("{\"version\":2,\"prices\":[]}", "version");
    refusedFile("{\"version\":1,\"price\":[]}", "price");
    refusedFile("{\"version\":1,\"prices\":[", "file");
    refusedFile(json(row("", "-1")), "prices[0].prices.input_tokens.price");
    refusedFile(json(row("", "1e3")), "prices[0].prices.input_tokens.price");
    refusedFile(json(row("\"extra\":1,", "1")), "prices[0].extra");
    refusedFile(
        json(row("", "1").replace("1m_tokens", "minute")), "prices[0].prices.input_tokens.per");
    refusedFile(
        json(row("", "1").replace("1m_tokens", "dozen")), "prices[0].prices.input_tokens.per");
    refusedFile(json(row("", "1").replace("input_tokens", "inputs")), "prices[0].prices.inputs");
    refusedFile(json(row("", "1").replace("USD", "usd")), "prices[0].currency");
    refusedFile(json(row("", "1").replace("USD", "UDS")), "prices[0].currency");
    refusedFile(json(row("", "1").replace("USD", "XXX")), "prices[0].currency");
    refusedFile(json(row("\"window\":\"9-17\",", "1")), "prices[0].window");
    refusedFile(json(row("\"validFrom\":\"May\",", "1")), "prices[0].validFrom");
    refusedFile(
        json(
            row(
                "\"validFrom\":\"2026-05-01T00:00:00Z\",\"validTo\":\"2026-05-01T00:00:00Z\",",
                "1")),
        "prices[0].validTo");
    refusedFile(json(row("\"match\":{\"regex\":\"(\"},", "1")), "prices[0].match");
  }

  private static void refusedFile(String json, String field) {
    assertThatThrownBy(() -> PriceFile.read(json))
        .as(json)
        .isInstanceOf(CostInputException.class)
        .extracting(e -> ((CostInputException) e).field())
        .isEqualTo(field);
  }

  @Test
  void unknownModelTierAndBucket_areNamedAndNeverZero() {
    Catalogue catalogue = approved(Catalogue.EMPTY, file(row("", "1")));
    CostRating rating = CostRating.of(catalogue);
    CanonicalUsage usage =
        CanonicalUsage.of(Map.of(Bucket.INPUT, BigDecimal.TEN, Bucket.OUTPUT, BigDecimal.TEN));
    RatedCost model = rating.rate(PriceQuery.of("p", "gpt-99", MAY), usage);
    assertThat(model.state()).isEqualTo(CostState.UNKNOWN);
    assertThat(model.amount()).isEmpty();
    assertThat(model.unknown().get(0)).contains("gpt-99");
    RatedCost tier = rating.rate(PriceQuery.of("p", "m", MAY).inTier("flex"), usage);
    assertThat(tier.unknown().get(0)).contains("tier flex");
    RatedCost bucket = rating.rate(PriceQuery.of("p", "m", MAY), usage);
    assertThat(bucket.isPartlyKnown()).isTrue();
    assertThat(bucket.amount()).isEmpty();
    assertThat(bucket.unknown().get(0)).startsWith("output_tokens of p m");
    assertThat(bucket.explain())
        .contains("unknown; the part that has a price is 0.00001 USD")
        .anyMatch(line -> line.startsWith("no price of output_tokens"));
    assertThat(rating.rate(PriceQuery.of("p", "m", MAY).inTier("auto"), usage).lines()).hasSize(1);
  }

  @Test
  void pricesOfTheAccountAndOfRegions_winOverListPrices() {
    Catalogue catalogue =
        approved(
            Catalogue.EMPTY,
            file(
                row("", "1"),
                row("\"region\":\"eu\",", "1.1"),
                row("\"accountOverride\":true,", "0.9"),
                row("\"serviceTier\":\"batch\",", "0.4")));
    CostRating rating = CostRating.of(catalogue);
    assertThat(rate(rating, MAY)).isEqualByComparingTo("0.9");
    Catalogue list =
        Catalogue.of(
            catalogue.rows().stream().filter(row -> !row.key().accountOverride()).toList());
    CanonicalUsage usage = CanonicalUsage.of(Map.of(Bucket.INPUT, new BigDecimal("1000000")));
    PriceQuery query = PriceQuery.of("p", "M", MAY);
    CostRating listed = CostRating.of(list);
    assertThat(listed.rate(query, usage).amount().orElseThrow()).isEqualByComparingTo("1");
    assertThat(listed.rate(query.inRegion("eu"), usage).amount().orElseThrow())
        .isEqualByComparingTo("1.1");
    assertThat(listed.rate(query.inRegion("us"), usage).amount().orElseThrow())
        .isEqualByComparingTo("1");
    assertThat(listed.rate(query.inTier("batch"), usage).amount().orElseThrow())
        .isEqualByComparingTo("0.4");
  }

  static Catalogue approved(Catalogue present, PriceFile file) {
    ImportPlan plan = ImportPlan.of(present, file);
    return plan.approve(present, plan.fingerprint(), Set.of());
  }

  static PriceFile file(String... rows) {
    return PriceFile.read(json(rows));
  }

  private static String json(String... rows) {
    return "{\"version\":1,\"prices\":[" + String.join(",", rows) + "]}";
  }

  static String row(String more, String price) {
    return "{\"provider\":\"p\",\"model\":\"m\",\"currency\":\"USD\",\"source\":\"test\","
        + more
        + "\"prices\":{\"input_tokens\":{\"price\":\""
        + price
        + "\",\"per\":\"1m_tokens\"}}}";
  }
}
