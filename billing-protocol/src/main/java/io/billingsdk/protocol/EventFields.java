package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The fields of an event that both protocols' bodies have in common, and how they are written. */
final class EventFields {
  static final String QUANTITIES = "quantities";
  static final String SUBJECT = "subject";
  static final String SESSION = "session";
  static final String EXECUTION = "execution";
  static final String ADMISSION = "admission";

  /** What the wire of protocol v1 does not have. */
  private static final List<String> NOT_IN_V1 = List.of(QUANTITIES, SUBJECT, SESSION, EXECUTION);

  private static final List<byte[]> NAMES_NOT_IN_V1 =
      NOT_IN_V1.stream()
          .map(name -> ("\"" + name + "\":").getBytes(StandardCharsets.US_ASCII))
          .toList();

  /** A long holds every number of so many digits. */
  private static final int LONG_DIGITS = 18;

  private EventFields() {}

  /** Writes {@code usage}, as a double of the same value was written before amounts were exact. */
  static void writeUsage(JsonGenerator json, BigDecimal usage) throws IOException {
    json.writeFieldName("usage");
    if (usage.scale() == 0 && usage.precision() <= LONG_DIGITS) {
      json.writeNumber(usage.longValue());
      return;
    }
    BigDecimal shortest = usage.stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (shortest.scale() <= 0 && exponent < LONG_DIGITS) {
      // A whole number without a fraction: the peer's type for counts is an integer.
      json.writeNumber(shortest.longValue());
    } else if (exponent >= -3 && exponent < 7) {
      json.writeNumber(shortest.toPlainString());
    } else {
      String digits = shortest.unscaledValue().toString();
      String decimals = digits.length() == 1 ? "0" : digits.substring(1);
      json.writeNumber(digits.charAt(0) + "." + decimals + "E" + exponent);
    }
  }

  /** Writes what was measured besides the usage, and for whom; nothing when there is nothing. */
  static void writeDetails(JsonGenerator json, Map<String, BigDecimal> quantities, UsedBy usedBy)
      throws IOException {
    if (!quantities.isEmpty()) {
      json.writeObjectFieldStart(QUANTITIES);
      for (Map.Entry<String, BigDecimal> each : quantities.entrySet()) {
        json.writeFieldName(Json.wellFormed(each.getKey()));
        json.writeNumber(each.getValue().stripTrailingZeros().toPlainString());
      }
      json.writeEndObject();
    }
    writeText(json, SUBJECT, usedBy.subject());
    writeText(json, SESSION, usedBy.session());
    writeText(json, EXECUTION, usedBy.execution());
  }

  /** Writes by which leases it was admitted; nothing when there are none. */
  static void writeAdmission(JsonGenerator json, List<String> epochs) throws IOException {
    if (epochs.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart(ADMISSION);
    for (String epoch : epochs) {
      json.writeString(Json.wellFormed(epoch));
    }
    json.writeEndArray();
  }

  private static void writeText(JsonGenerator json, String field, @Nullable String text)
      throws IOException {
    if (text != null) {
      json.writeStringField(field, Json.wellFormed(text));
    }
  }

  /** An encoded event with the fields of protocol v1 alone; the array itself if it has no other. */
  static byte[] ofV1(byte[] event) {
    if (!mayHoldOthers(event)) {
      return event;
    }
    try {
      return withoutOthers(event);
    } catch (IOException malformed) {
      // It comes from the journal, behind a checksum. A body that is not JSON has no fields to
      // leave out.
      return event;
    }
  }

  /** Quick, and right where it says no: a quotation mark within a text has a backslash. */
  private static boolean mayHoldOthers(byte[] event) {
    for (int i = 0; i + 2 < event.length; i++) {
      if (event[i] == '"' && (event[i + 1] == 'q' || event[i + 1] == 's' || event[i + 1] == 'e')) {
        for (byte[] name : NAMES_NOT_IN_V1) {
          if (startsWith(event, i, name)) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private static boolean startsWith(byte[] event, int from, byte[] name) {
    if (from + name.length > event.length) {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (event[from + i] != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] withoutOthers(byte[] event) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream(event.length);
    kept.write('{');
    try (JsonParser json = Json.FACTORY.createParser(event)) {
      json.nextToken();
      for (JsonToken name = json.nextToken();
          name == JsonToken.FIELD_NAME;
          name = json.nextToken()) {
        boolean isOther = NOT_IN_V1.contains(json.currentName());
        int from = (int) json.currentTokenLocation().getByteOffset();
        json.nextToken();
        json.skipChildren();
        // A text is read when its end is asked for: its location before is that of its beginning.
        json.finishToken();
        int to = (int) json.currentLocation().getByteOffset();
        if (!isOther) {
          if (kept.size() > 1) {
            kept.write(',');
          }
          kept.write(event, from, to - from);
        }
      }
    }
    kept.write('}');
    return kept.toByteArray();
  }
}
