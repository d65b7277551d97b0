package io.billingsdk.server.costs;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The text of a batch in the queue: each shape and each text is there once, and events name them by
 * their numbers. The intake writes this text in its transaction and waits for each byte of it, so
 * an event of a known shape is a few numbers.
 *
 * <pre>
 * {"events":[[shape, sequence number, milliseconds, usage, texts..., quantities...], ...],
 *  "shapes":[["EVENT", 7, "acme", "k_1", "llm", "gpt", 4, "input_tokens"], ...],
 *  "texts":["session-1", ...]}
 * </pre>
 */
final class QueuedBatch {
  static final String EVENTS = "events";
  private static final String SHAPES = "shapes";
  static final String TEXTS = "texts";

  private static final int BYTES_OF_AN_EVENT = 48;
  private static final JsonFactory FACTORY = new JsonFactory();

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          // 1.50 stays 1.50.
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private final Map<QueuedShape, Place> shapes = new LinkedHashMap<>();
  private final Map<String, Integer> texts = new LinkedHashMap<>();

  // Those of the event before.
  private @Nullable Place place;
  private long atMillis;

  /** A shape with its number, and the last sequence number of its events. */
  private static final class Place {
    private final QueuedShape shape;
    private final int number;
    private long seq;

    Place(QueuedShape shape, int number) {
      this.shape = shape;
      this.number = number;
    }
  }

  private QueuedBatch() {}

  static String write(List<QueuedEvent> events) {
    StringWriter text = new StringWriter(BYTES_OF_AN_EVENT * events.size());
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      new QueuedBatch().write(json, events);
    } catch (IOException impossible) {
      throw new UncheckedIOException("an event of the ledger is no JSON", impossible);
    }
    return text.toString();
  }

  private void write(JsonGenerator json, List<QueuedEvent> events) throws IOException {
    json.writeStartObject();
    json.writeArrayFieldStart(EVENTS);
    for (QueuedEvent each : events) {
      write(json, each);
    }
    json.writeEndArray();
    json.writeArrayFieldStart(SHAPES);
    for (QueuedShape each : shapes.keySet()) {
      each.write(json);
    }
    json.writeEndArray();
    json.writeArrayFieldStart(TEXTS);
    for (String each : texts.keySet()) {
      json.writeString(each);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(JsonGenerator json, QueuedEvent event) throws IOException {
    Place its = placeOf(event);
    json.writeStartArray();
    json.writeNumber(its.number);
    // Differences are shorter. They may overflow: the sum overflows back.
    json.writeNumber(event.seq() - its.seq);
    json.writeNumber(event.atMillis() - atMillis);
    its.seq = event.seq();
    atMillis = event.atMillis();
    json.writeNumber(event.usage());
    text(json, event.metadata());
    text(json, event.subject());
    text(json, event.session());
    text(json, event.execution());
    Map<String, BigDecimal> quantities = event.quantities();
    if (quantities != null) {
      for (String name : its.shape.names()) {
        json.writeNumber(quantities.get(name));
      }
    }
    json.writeEndArray();
  }

  /** Neighbours often have one shape, and to compare them is faster than to look it up. */
  private Place placeOf(QueuedEvent event) {
    Place its = place;
    if (its == null || !its.shape.isOf(event)) {
      QueuedShape shape = QueuedShape.of(event);
      its = shapes.computeIfAbsent(shape, unknown -> new Place(shape, shapes.size()));
      place = its;
    }
    return its;
  }

  private void text(JsonGenerator json, @Nullable String text) throws IOException {
    if (text != null) {
      Integer next = texts.size();
      Integer known = texts.putIfAbsent(text, next);
      json.writeNumber(known == null ? next : known);
    }
  }

  static List<QueuedEvent> read(String text) {
    try {
      JsonNode batch = JSON.readTree(text);
      return batch.has(SHAPES) ? read(batch) : EarlierBatch.read(JSON, batch);
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("the queue of costs is malformed", impossible);
    }
  }

  private static List<QueuedEvent> read(JsonNode batch) {
    List<QueuedShape> shapes = new ArrayList<>();
    batch.required(SHAPES).forEach(each -> shapes.add(QueuedShape.read(each)));
    long[] seqs = new long[shapes.size()];
    long atMillis = 0;
    List<QueuedEvent> events = new ArrayList<>();
    for (JsonNode each : batch.required(EVENTS)) {
      int number = each.required(0).intValue();
      seqs[number] += each.required(1).longValue();
      atMillis += each.required(2).longValue();
      Fields fields = new Fields(each, batch.required(TEXTS));
      events.add(fields.read(shapes.get(number), seqs[number], atMillis));
    }
    return events;
  }

  /** The fields of an event, in the order in which they are written. For one use. */
  private static final class Fields {
    private final JsonNode event;
    private final JsonNode texts;
    private int next = 3;

    Fields(JsonNode event, JsonNode texts) {
      this.event = event;
      this.texts = texts;
    }

    QueuedEvent read(QueuedShape shape, long seq, long atMillis) {
      BigDecimal usage = number();
      String metadata = text(shape.has(QueuedShape.METADATA));
      String subject = text(shape.has(QueuedShape.SUBJECT));
      String session = text(shape.has(QueuedShape.SESSION));
      String execution = text(shape.has(QueuedShape.EXECUTION));
      Map<String, BigDecimal> quantities = new LinkedHashMap<>();
      for (String name : shape.names()) {
        quantities.put(name, number());
      }
      return new QueuedEvent(
          shape.kind(),
          shape.streamId(),
          seq,
          atMillis,
          shape.app(),
          shape.key(),
          shape.module(),
          shape.model(),
          usage,
          metadata,
          quantities,
          subject,
          session,
          execution);
    }

    private BigDecimal number() {
      return event.required(next++).decimalValue();
    }

    private @Nullable String text(boolean isThere) {
      return isThere ? texts.required(event.required(next++).intValue()).textValue() : null;
    }
  }
}
