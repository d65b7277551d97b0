package io.billingsdk.server.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.billingsdk.server.statistics.UsageFact.Fault;
import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageFactTest {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);
  private static final UsageProfile MEDIA = ProfileReader.shipped("media");
  private static final Instant AT = Instant.parse("2026-12-02T10:00:00Z");

  private static JsonNode tree(String json) {
    try {
      return JSON.readTree(json);
    } catch (JsonProcessingException malformed) {
      throw new AssertionError(malformed);
    }
  }

  private static UsageFact fact(String type, String metadata) {
    return UsageFact.read(MEDIA, type, tree(metadata)).fact().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          export      | {"duration":-1}                | metadata.duration
          export      | {"duration":"300"}             | metadata.duration
          export      | {}                             | metadata.duration
          export      | {"duration":1e400}             | metadata.duration
          export      | {"duration":0.1234567890123456789} | metadata.duration
          export      | {"duration":1,"success":"yes"} | metadata.success
          file_upload | {"kind":"video","size":1}      | metadata.kind
          file_upload | {"kind":"audio","size":1,"type":""} | metadata.type
          file_upload | []                             | metadata
          exports     | {"duration":1}                 | event_type
          """)
  void read_whatDoesNotFit_namesTheField(String type, String metadata, String field) {
    Fault fault = UsageFact.read(MEDIA, type, tree(metadata)).fault().orElseThrow();

    assertThat(fault.field()).isEqualTo(field);
  }

  @Test
  void read_fieldsThatNobodyAskedFor_areNotKept() {
    UsageFact fact = fact("export", "{\"duration\":3.50,\"name\":\"Ann\",\"format\":\"mp4\"}");

    assertThat(fact.metadata(MEDIA))
        .hasToString("{\"duration\":3.5,\"format\":\"mp4\",\"success\":true}");
    assertThat(fact.usage(MEDIA)).isEqualByComparingTo("3.5");
  }

  @Test
  void counted_aFailedExport_addsNoDuration() {
    Tally tally =
        fact("export", "{\"duration\":300,\"success\":false}")
            .counted(MEDIA, new BigDecimal("300"), AT);

    assertThat(tally.amount("exports")).isEqualByComparingTo("1");
    assertThat(tally.amount("exports_failed")).isEqualByComparingTo("1");
    assertThat(tally.amount("exports_done")).isEqualByComparingTo("0");
    assertThat(tally.amount("export_seconds")).isEqualByComparingTo("0");
  }

  @Test
  void corrected_changesTheSumsOfItsUsage_andCountsNoEvent() {
    UsageFact fact = fact("export", "{\"duration\":300}");
    Tally whole =
        fact.counted(MEDIA, new BigDecimal("300"), AT)
            .plus(fact.corrected(MEDIA, new BigDecimal("-120")));

    assertThat(whole.amount("exports")).isEqualByComparingTo("1");
    assertThat(whole.amount("export_seconds")).isEqualByComparingTo("180");
  }

  @Test
  void counted_withoutTheFieldOfABreakdown_isUnknown() {
    Tally tally =
        fact("file_upload", "{\"kind\":\"audio\",\"size\":1}").counted(MEDIA, BigDecimal.ONE, AT);

    assertThat(tally.labels("file_types")).containsOnlyKeys("unknown");
  }
}
