package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads a batch that is as our own producers write it, in one pass and without a tree. It gives up
 * on anything else, be it wrong or only unusual: {@link UsageBatch} then reads the tree, with all
 * its checks and reasons. What it reads, it reads as that does.
 *
 * <p>For one message.
 */
final class FastBatchParser {
  /** Of its own: it sees to doubled fields itself, without the parser's sets of names. */
  private static final JsonFactory FACTORY =
      JsonFactory.builder().streamReadConstraints(Json.FACTORY.streamReadConstraints()).build();

  private final JsonParser json;
  private final ContentHasher hasher = new ContentHasher();
  private final StringBuilder metadata = new StringBuilder();
  private final List<String> names = new ArrayList<>();

  // Of the event before: mostly those of the next, which then share its texts.
  private @Nullable KeyRef lastKey;
  private String lastModule = "";
  private String lastModel = "";

  private FastBatchParser(JsonParser json) {
    this.json = json;
  }

  /** The batch, or null when it must be read the long way. */
  static @Nullable UsageBatch read(byte[] message) {
    try (JsonParser json = FACTORY.createParser(message)) {
      return new FastBatchParser(json).batch();
    } catch (IOException | NumberFormatException | ArithmeticException notPlain) {
      return null;
    }
  }

  private UsageBatch batch() throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT);
    UUID stream = null;
    StreamSecret secret = null;
    Long sentAt = null;
    List<ReceivedEvent> events = null;
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (field) {
        case "stream" -> {
          require(stream == null && value == JsonToken.VALUE_STRING);
          stream = uuid(json.getText());
        }
        case StreamSecret.FIELD -> {
          require(secret == null && value == JsonToken.VALUE_STRING);
          require(StreamSecret.isWellFormed(json.getText()));
          secret = StreamSecret.ofHex(json.getText());
        }
        case "sent_at" -> {
          require(sentAt == null && value == JsonToken.VALUE_NUMBER_INT);
          sentAt = json.getLongValue();
        }
        case "events" -> {
          require(events == null && value == JsonToken.START_ARRAY);
          events = events();
        }
        default -> throw new NotPlain();
      }
    }
    require(json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null);
    if (stream == null || sentAt == null || events == null) {
      throw new NotPlain();
    }
    return new UsageBatch(stream, secret, sentAt, events);
  }

  private List<ReceivedEvent> events() throws IOException {
    List<ReceivedEvent> events = new ArrayList<>();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      require(next == JsonToken.START_OBJECT && events.size() < Bounds.BATCH_EVENTS);
      events.add(event());
    }
    return events;
  }

  private ReceivedEvent event() throws IOException {
    long seq = 0;
    long millis = -1;
    KeyRef key = null;
    String module = null;
    String model = null;
    BigDecimal usage = null;
    String data = null;
    boolean described = false;
    String idempotencyKey = null;
    Map<String, BigDecimal> quantities = null;
    String subject = null;
    String session = null;
    String execution = null;
    List<String> admission = null;
    for (String field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      JsonToken value = json.nextToken();
      switch (field) {
        case "seq" -> {
          require(seq == 0 && value == JsonToken.VALUE_NUMBER_INT);
          seq = json.getLongValue();
          require(seq >= 1 && seq <= Bounds.COUNT_MAX);
        }
        case "ts" -> {
          require(millis == -1 && value == JsonToken.VALUE_NUMBER_INT);
          millis = json.getLongValue();
          require(EventReader.isTime(millis));
        }
        case "key_id", "key_sha256" -> {
          require(key == null && value == JsonToken.VALUE_STRING);
          key = key(field.equals("key_id"));
          lastKey = key;
        }
        case "module" -> {
          require(module == null);
          module = name(value, lastModule);
          lastModule = module;
        }
        case "model" -> {
          require(model == null);
          model = name(value, lastModel);
          lastModel = model;
        }
        case "usage" -> {
          require(usage == null);
          usage = usage(value);
        }
        case "metadata" -> {
          // One without entries is none.
          require(!described && value == JsonToken.START_OBJECT);
          described = true;
          data = metadata();
        }
        case "idempotency_key" -> {
          require(idempotencyKey == null && value == JsonToken.VALUE_STRING);
          idempotencyKey = json.getText();
          require(
              Bounds.isWellFormedIdempotencyKey(idempotencyKey) && !KeyMask.isIn(idempotencyKey));
        }
        case EventFields.QUANTITIES -> {
          require(quantities == null && value == JsonToken.START_OBJECT);
          quantities = quantities();
        }
        case EventFields.SUBJECT -> {
          require(subject == null);
          subject = name(value, "");
        }
        case EventFields.SESSION -> {
          require(session == null);
          session = name(value, "");
        }
        case EventFields.EXECUTION -> {
          require(execution == null);
          execution = name(value, "");
        }
        case EventFields.ADMISSION -> {
          require(admission == null && value == JsonToken.START_ARRAY);
          admission = admission();
        }
        default -> throw new NotPlain();
      }
    }
    if (seq == 0
        || millis == -1
        || key == null
        || module == null
        || model == null
        || usage == null) {
      throw new NotPlain();
    }
    return EventReader.hashed(
        hasher,
        seq,
        key,
        module,
        model,
        usage,
        millis,
        data,
        idempotencyKey,
        quantities == null ? Map.of() : quantities,
        UsedBy.of(subject, session, execution),
        admission == null ? List.of() : admission);
  }

  private KeyRef key(boolean byId) throws IOException {
    KeyRef last = lastKey;
    if (byId) {
      if (last instanceof KeyRef.KeyId same && isText(same.id())) {
        return same;
      }
      String text = json.getText();
      require(KeyRef.KeyId.isWellFormed(text) && !KeyMask.isIn(text));
      return new KeyRef.KeyId(text);
    }
    if (last instanceof KeyRef.KeySha256 same && isText(same.hex())) {
      return same;
    }
    String text = json.getText();
    require(KeyRef.KeySha256.isWellFormed(text));
    return new KeyRef.KeySha256(text);
  }

  private String name(JsonToken value, String last) throws IOException {
    require(value == JsonToken.VALUE_STRING);
    if (isText(last)) {
      require(!last.isEmpty());
      return last;
    }
    String text = json.getText();
    require(EventReader.isName(text) && !KeyMask.isIn(text));
    return text;
  }

  /** Whether the parser stands at this text; no string is made of it. */
  private boolean isText(String expected) throws IOException {
    if (json.getTextLength() != expected.length()) {
      return false;
    }
    char[] chars = json.getTextCharacters();
    int from = json.getTextOffset();
    for (int i = 0; i < expected.length(); i++) {
      if (chars[from + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private BigDecimal usage(JsonToken value) throws IOException {
    BigDecimal usage = decimal(value);
    require(Bounds.isUsage(usage));
    return usage;
  }

  private BigDecimal decimal(JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_NUMBER_INT) {
      return BigDecimal.valueOf(json.getLongValue());
    }
    require(value == JsonToken.VALUE_NUMBER_FLOAT);
    // A tree holds it like this too.
    return json.getDecimalValue().stripTrailingZeros();
  }

  private Map<String, BigDecimal> quantities() throws IOException {
    Map<String, BigDecimal> quantities = new LinkedHashMap<>();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      require(Bounds.isQuantityName(name) && !KeyMask.isIn(name));
      BigDecimal quantity = decimal(json.nextToken());
      require(Bounds.isQuantity(quantity) && quantities.put(name, quantity) == null);
      require(quantities.size() <= Bounds.QUANTITIES);
    }
    require(json.currentToken() == JsonToken.END_OBJECT);
    return quantities.isEmpty() ? Map.of() : Collections.unmodifiableMap(quantities);
  }

  private List<String> admission() throws IOException {
    List<String> epochs = new ArrayList<>();
    for (JsonToken next = json.nextToken(); next != JsonToken.END_ARRAY; next = json.nextToken()) {
      require(next == JsonToken.VALUE_STRING && epochs.size() < Bounds.ADMISSION_EPOCHS);
      String epoch = json.getText();
      require(Bounds.isEpoch(epoch) && !KeyMask.isIn(epoch));
      epochs.add(epoch);
    }
    require(EventReader.isAdmission(epochs));
    return epochs;
  }

  /** As the tree's own text would be: no white space, nothing escaped that need not be. */
  private @Nullable String metadata() throws IOException {
    metadata.setLength(0);
    names.clear();
    for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
      require(
          !name.isEmpty()
              && name.length() <= Bounds.METADATA_NAME_CHARS
              && names.size() < Bounds.METADATA_ENTRIES
              && !names.contains(name));
      metadata.append(names.isEmpty() ? '{' : ',');
      names.add(name);
      text(name);
      metadata.append(':');
      value(json.nextToken());
    }
    require(json.currentToken() == JsonToken.END_OBJECT);
    if (names.isEmpty()) {
      return null;
    }
    metadata.append('}');
    require(metadata.length() <= Bounds.EVENT_BYTES);
    return metadata.toString();
  }

  private void value(JsonToken value) throws IOException {
    switch (value) {
      case VALUE_STRING -> {
        String text = json.getText();
        require(text.length() <= Bounds.METADATA_STRING_CHARS);
        text(text);
      }
      case VALUE_NUMBER_INT -> {
        require(json.getNumberType() != NumberType.BIG_INTEGER);
        metadata.append(json.getLongValue());
      }
      case VALUE_TRUE -> metadata.append("true");
      case VALUE_FALSE -> metadata.append("false");
      case VALUE_NULL -> metadata.append("null");
      default -> throw new NotPlain();
    }
  }

  private void text(String text) throws IOException {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      require(c >= ' ' && c != '"' && c != '\\');
    }
    require(Bounds.isWellFormedText(text) && !KeyMask.isIn(text));
    metadata.append('"').append(text).append('"');
  }

  private static UUID uuid(String text) throws IOException {
    UUID uuid = UsageBatch.uuid(text);
    if (uuid == null) {
      throw new NotPlain();
    }
    return uuid;
  }

  private static void require(boolean plain) throws NotPlain {
    if (!plain) {
      throw new NotPlain();
    }
  }

  /** Without a stack trace: it is an outcome, not a fault. */
  private static final class NotPlain extends IOException {
    private static final long serialVersionUID = 1L;

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }
}
