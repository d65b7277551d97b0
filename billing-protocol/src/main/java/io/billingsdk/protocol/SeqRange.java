package io.billingsdk.protocol;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Sequence numbers without a gap between them, {@code [first, last]} on the wire.
 *
 * @param first from 1
 * @param last at least {@code first}; belongs to the range
 */
public record SeqRange(long first, long last) {

  /** Refuses a range that is none. */
  public SeqRange {
    if (first < 1 || last < first) {
      throw new IllegalArgumentException("not a range: " + first + " to " + last);
    }
  }

  /** The fewest ranges that hold exactly these numbers, which must ascend. */
  public static List<SeqRange> covering(Iterable<Long> ascending) {
    List<SeqRange> ranges = new ArrayList<>();
    long first = 0;
    long last = 0;
    for (long seq : ascending) {
      if (first != 0 && seq != last + 1) {
        ranges.add(new SeqRange(first, last));
        first = 0;
      }
      first = first == 0 ? seq : first;
      last = seq;
    }
    if (first != 0) {
      ranges.add(new SeqRange(first, last));
    }
    return ranges;
  }

  /** Whether a number belongs to it. */
  public boolean contains(long seq) {
    return first <= seq && seq <= last;
  }

  static void write(JsonGenerator json, String field, List<SeqRange> ranges) throws IOException {
    json.writeArrayFieldStart(field);
    for (SeqRange range : ranges) {
      json.writeStartArray();
      json.writeNumber(range.first());
      json.writeNumber(range.last());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  static List<SeqRange> read(JsonNode parent, String field) throws MalformedMessageException {
    List<SeqRange> ranges = new ArrayList<>();
    for (JsonNode node : parent.path(field)) {
      long first = number(node.path(0));
      long last = number(node.path(1));
      if (node.size() != 2 || first < 1 || last < first) {
        throw new MalformedMessageException(
            field + " must be a list of [first, last], each a number from 1 to 2^53");
      }
      ranges.add(new SeqRange(first, last));
    }
    return ranges;
  }

  /** 0 for what is no number of an event. */
  private static long number(JsonNode node) {
    boolean within = node.isIntegralNumber() && node.canConvertToLong();
    return within && node.longValue() <= Bounds.COUNT_MAX ? node.longValue() : 0;
  }
}
