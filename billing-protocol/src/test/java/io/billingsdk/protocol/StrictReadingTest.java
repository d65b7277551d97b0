package io.billingsdk.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a lenient reader would take for something else than it is. */
class StrictReadingTest {
  private static final String STREAM = "0000000a-000b-000c-000d-00000000000e";

  private static byte[] report(String usage) {
    return "{\"stream\":\"%s\",\"seq\":1,\"timestamp\":1,\"api_key\":\"k\",\"module\":\"m\",\"model\":\"n\",\"usage\":%s}"
        .formatted(STREAM, usage)
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] batch(String usage) {
    return "{\"stream\":\"%s\",\"sent_at\":1,\"events\":[{\"seq\":1,\"ts\":1,\"key_id\":\"k\",\"module\":\"m\",\"model\":\"n\",\"usage\":%s}]}"
        .formatted(STREAM, usage)
        .getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "0, true",
    "9007199254740992, true",
    "9007199254740993, false",
    "-1, false",
    "0.123456789012345678, true",
    "0.1234567890123456789, false",
    "1.00000000000000000000, true",
    "0.30000000000000004, true",
    "0.00010000000000000002, true",
    "7.000000000000001e-05, true",
    "1e-20, true",
    "1e-40, true",
    "1e-41, false",
    "1.2345678901234567e-30, false",
    "1e3, true",
    "1e-500, false",
    "1e500, false",
    "1e-999999999, false",
    "1e999999999, false",
  })
  void usage_isBoundInSizeAndDecimals_inBothProtocols(String usage, boolean good) throws Exception {
    ReceivedEvent v1 = V1Message.decode(report(usage)).event();
    ReceivedEvent v2 = UsageBatch.decode(batch(usage)).events().get(0);
    for (ReceivedEvent each : new ReceivedEvent[] {v1, v2}) {
      assertThat(each instanceof ReceivedEvent.Valid).as(each.toString()).isEqualTo(good);
      if (each instanceof ReceivedEvent.Valid valid) {
        assertThat(valid.usage()).isEqualByComparingTo(new BigDecimal(usage));
      } else {
        assertThat(((ReceivedEvent.Invalid) each).detail())
            .isEqualTo("usage must be a number from 0 to 2^53 with at most 18 decimals");
      }
    }
  }

  @Test
  void number_withAnExponentThatNoneHas_isMalformed() {
    assertThatThrownBy(() -> V1Message.decode(report("1e99999999999")))
        .isInstanceOf(MalformedMessageException.class);
    assertThatThrownBy(() -> UsageBatch.decode(batch("1e99999999999")))
        .isInstanceOf(MalformedMessageException.class);
  }

  /** Overlong forms, halves of pairs, what is beyond Unicode, what is cut off, and UTF-16. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "c080",
        "c1a1",
        "e080af",
        "eda080",
        "eda0bdedb880",
        "f4908080",
        "f5808080",
        "ff",
        "80",
        "c3",
        "e282",
        "00"
      })
  void bytes_thatAreNoUtf8_areMalformed(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertThat(Utf8.isWellFormed(bytes)).isFalse();
    String latin = new String(bytes, StandardCharsets.ISO_8859_1);
    String text = new String(batch("1"), StandardCharsets.US_ASCII);
    byte[] message =
        text.replace("\"n\"", "\"" + latin + "\"").getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> UsageBatch.decode(message))
        .isInstanceOf(MalformedMessageException.class);
    byte[] report =
        new String(report("1"), StandardCharsets.US_ASCII)
            .replace("\"n\"", "\"" + latin + "\"")
            .getBytes(StandardCharsets.ISO_8859_1);
    assertThatThrownBy(() -> V1Message.decode(report))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void text_ofAllPlanes_isUtf8_andUtf16IsNot() throws Exception {
    String text = new String(batch("1"), StandardCharsets.US_ASCII).replace("\"n\"", "\"é € 😀\"");
    assertThat(UsageBatch.decode(text.getBytes(StandardCharsets.UTF_8)).events().get(0))
        .isInstanceOf(ReceivedEvent.Valid.class);
    assertThatThrownBy(() -> UsageBatch.decode(text.getBytes(StandardCharsets.UTF_16LE)))
        .isInstanceOf(MalformedMessageException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0000000a-000b-000c-000d-00000000000e",
        "0000000A-000B-000C-000D-00000000000E",
      })
  void stream_inItsForm_isOne(String text) {
    assertThat(UsageBatch.uuid(text)).hasToString(STREAM);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "00000000a-00b-000c-000d-00000000000e",
        "000000a-0000b-000c-000d-00000000000e",
        "0000000a-000b-000c-000d-+0000000000e",
        "-000000a-000b-000c-000d-00000000000e",
      })
  void stream_inAnotherForm_isNone(String text) {
    assertThat(UsageBatch.uuid(text)).isNull();
  }
}
