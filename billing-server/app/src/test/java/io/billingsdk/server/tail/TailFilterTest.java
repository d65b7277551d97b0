package io.billingsdk.server.tail;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.EventFilter;
import io.billingsdk.server.tail.LiveTail.TailFilter;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TailFilterTest {
  private static final TailItem.Rejected REJECTED =
      new TailItem.Rejected(Instant.EPOCH, null, 1, null, "TOO_OLD", "d");

  private static TailItem.Usage usage(@Nullable String app, @Nullable String metadata) {
    return new TailItem.Usage(
        Instant.EPOCH,
        new UUID(0, 1),
        1,
        "gateway-1",
        app,
        "k_1",
        "llm",
        "gpt-4",
        BigDecimal.ONE,
        metadata,
        EventDetails.NONE,
        null);
  }

  private static boolean accepts(EventFilter events, TailItem item) {
    return new TailFilter(events, /* usage= */ true, /* rejected= */ true).accepts(item);
  }

  private static EventFilter metadata(String field, String value) {
    return new EventFilter(null, null, null, null, Map.of(field, value), false);
  }

  @Test
  void all_acceptsBothKinds_andNoNewsOfWhatIsLost() {
    assertThat(TailFilter.ALL.accepts(usage("acme", null))).isTrue();
    assertThat(TailFilter.ALL.accepts(REJECTED)).isTrue();
    assertThat(TailFilter.ALL.accepts(new TailItem.Lost(1))).isFalse();
  }

  @Test
  void oneKind_isTheOnlyOne() {
    assertThat(new TailFilter(EventFilter.ALL, true, false).accepts(REJECTED)).isFalse();
    assertThat(new TailFilter(EventFilter.ALL, false, true).accepts(usage("a", null))).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "acme,,,,true",
    "other,,,,false",
    ",k_1,,,true",
    ",k_2,,,false",
    ",,llm,,true",
    ",,LLM,,false",
    ",,,gpt-4,true",
    ",,,gpt,false",
    "acme,k_1,llm,gpt-4,true",
    "acme,k_1,llm,x,false"
  })
  void fields_thatAreAskedFor_mustAllBeEqual(
      @Nullable String app,
      @Nullable String key,
      @Nullable String module,
      @Nullable String model,
      boolean expected) {
    EventFilter events = new EventFilter(app, key, module, model, Map.of(), false);
    assertThat(accepts(events, usage("acme", null))).isEqualTo(expected);
  }

  @Test
  void aFilterOfEvents_showsNothingThatWasRefused() {
    assertThat(accepts(metadata("a", "b"), REJECTED)).isFalse();
  }

  @Test
  void unattributed_isOfNoApp() {
    EventFilter nobodys = new EventFilter(null, null, null, null, Map.of(), true);
    assertThat(accepts(nobodys, usage(null, null))).isTrue();
    assertThat(accepts(nobodys, usage("acme", null))).isFalse();
  }

  @Test
  void anApp_isNotThatOfAnEventWithoutOne() {
    EventFilter acmes = EventFilter.ALL.ofApp("acme");
    assertThat(accepts(acmes, usage(null, null))).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"f\":\"v\"}|v|true",
        "{\"f\":\"w\"}|v|false",
        "{\"g\":\"v\"}|v|false",
        "{\"f\":1.50}|1.50|true",
        "{\"f\":1e3}|1000|true",
        "{\"f\":true}|true|true",
        "{\"f\":null}|null|false",
        "{\"f\":{\"a\":1}}|{\"a\":1}|false",
        "{\"f\":|v|false"
      })
  void metadata_isComparedAsTheTextThatItIs(String json, String asked, boolean expected) {
    assertThat(accepts(metadata("f", asked), usage("acme", json))).isEqualTo(expected);
  }

  @Test
  void metadata_ofAnEventWithoutAny_isNeverEqual() {
    assertThat(accepts(metadata("f", "v"), usage("acme", null))).isFalse();
  }
}
