package io.billingsdk.server.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be asked of the ledger: dimensions, filters and ranges, and their bounds. */
class QuestionBoundsTest {
  private static final Instant FROM = Instant.parse("2026-01-15T00:00:00Z");

  private static TotalsQuery query(Instant from, Instant to, List<Dimension> groupBy) {
    return new TotalsQuery(from, to, Bucket.DAY, ZoneId.of("UTC"), groupBy, EventFilter.ALL);
  }

  private static List<Dimension> fields(int many) {
    return IntStream.range(0, many).mapToObj(i -> Dimension.of("metadata.f" + i)).toList();
  }

  private static Map<String, String> metadata(int many) {
    return IntStream.range(0, many).boxed().collect(Collectors.toMap(i -> "f" + i, i -> "v"));
  }

  private static EventFilter filter(Map<String, String> metadata) {
    return new EventFilter(null, null, null, null, metadata, /* unattributed= */ false);
  }

  @ParameterizedTest
  @ValueSource(strings = {"appId", "keyId", "module", "model", "metadata.region", "metadata.a.b"})
  void dimension_ofItsText_isTheSame(String text) {
    assertThat(Dimension.of(text).text()).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "appid", "app_id", "usage", "metadata", " appId"})
  void dimension_thatIsNone_isRefusedWithThoseThatThereAre(String text) {
    assertThatThrownBy(() -> Dimension.of(text))
        .hasMessage("groupBy must be names of appId, keyId, module, model and metadata.NAME");
  }

  @Test
  void dimension_ofMetadata_hasANameOf64CharactersAtMost() {
    assertThat(Dimension.of("metadata." + "x".repeat(64)).text()).hasSize(73);
    for (String name : List.of("", "x".repeat(65), "\ud800", "a\0")) {
      assertThatThrownBy(() -> Dimension.of("metadata." + name))
          .hasMessageContaining("1 to 64 characters");
    }
  }

  @Test
  void query_ofTheLongestRange_isTaken_andALongerOneIsRefused() {
    Instant longest = FROM.plus(Duration.ofDays(TotalsQuery.MAX_DAYS));
    assertThat(query(FROM, longest, List.of()).to()).isEqualTo(longest);
    assertThatThrownBy(() -> query(FROM, longest.plusMillis(1), List.of()))
        .hasMessage("to must be after from, by at most 400 days");
  }

  @Test
  void query_ofNoRange_isRefused() {
    assertThatThrownBy(() -> query(FROM, FROM, List.of())).hasMessageStartingWith("to must be");
    // Less than the database tells apart.
    assertThatThrownBy(() -> query(FROM, FROM.plusNanos(999), List.of()))
        .hasMessageStartingWith("to must be");
    assertThat(query(FROM, FROM.plusNanos(1_000), List.of()).from()).isEqualTo(FROM);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1999-12-31T23:59:59Z", "9999-01-01T00:00:01Z"})
  void query_ofAnotherAge_isRefused(String from) {
    Instant first = Instant.parse(from);
    assertThatThrownBy(() -> query(first, first.plusSeconds(60), List.of()))
        .hasMessage("from must be a time of the years 2000 to 9998");
  }

  @Test
  void query_byEightDimensions_isTaken_andByNineOrTheSameTwiceIsRefused() {
    assertThat(query(FROM, FROM.plusSeconds(1), fields(8)).groupBy()).hasSize(8);
    assertThatThrownBy(() -> query(FROM, FROM.plusSeconds(1), fields(9)))
        .hasMessage("groupBy must be at most 8 dimensions, none twice");
    List<Dimension> twice = List.of(Dimension.of("model"), Dimension.of("model"));
    assertThatThrownBy(() -> query(FROM, FROM.plusSeconds(1), twice))
        .hasMessageContaining("none twice");
  }

  @Test
  void query_needsEvents_onlyForMetadata() {
    assertThat(query(FROM, FROM.plusSeconds(1), List.of(Dimension.of("model"))).needsEvents())
        .isFalse();
    assertThat(query(FROM, FROM.plusSeconds(1), fields(1)).needsEvents()).isTrue();
    assertThat(
            new TotalsQuery(
                    FROM,
                    FROM.plusSeconds(1),
                    Bucket.ALL,
                    ZoneId.of("UTC"),
                    List.of(),
                    filter(Map.of("region", "eu")))
                .needsEvents())
        .isTrue();
  }

  @Test
  void filter_ofTexts_hasTheBoundsOfAnEvent() {
    String longest = "x".repeat(256);
    assertThat(new EventFilter(longest, null, null, null, Map.of(), false).app()).hasSize(256);
    assertThatThrownBy(() -> new EventFilter(null, longest + "x", null, null, Map.of(), false))
        .hasMessage("keyId must be a text of 1 to 256 characters");
    assertThatThrownBy(() -> new EventFilter(null, null, "", null, Map.of(), false))
        .hasMessageStartingWith("module must");
    assertThatThrownBy(() -> new EventFilter(null, null, null, "\0", Map.of(), false))
        .hasMessageStartingWith("model must");
  }

  @Test
  void filter_ofEightFieldsOfMetadata_isTaken_andOfNineIsRefused() {
    assertThat(filter(metadata(8)).metadata()).hasSize(8);
    assertThatThrownBy(() -> filter(metadata(9)))
        .hasMessage("metadata must be of at most 8 fields");
    assertThatThrownBy(() -> filter(Map.of("", "v"))).hasMessageContaining("1 to 64");
  }

  @Test
  void filter_forNoAppAndOneApp_contradictsItself() {
    assertThatThrownBy(() -> new EventFilter("acme", null, null, null, Map.of(), true))
        .hasMessage("unattributed must be absent where appId is given");
  }

  @Test
  void filter_ofApp_keepsTheRest() {
    EventFilter one = new EventFilter(null, "k", "m", "n", Map.of("a", "b"), false);
    assertThat(one.ofApp("acme"))
        .isEqualTo(new EventFilter("acme", "k", "m", "n", Map.of("a", "b"), false));
  }
}
