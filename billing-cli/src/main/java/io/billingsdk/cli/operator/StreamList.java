package io.billingsdk.cli.operator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.AsciiJson;
import io.billingsdk.cli.console.Table;
import io.billingsdk.cli.console.Terminal;
import io.billingsdk.protocol.SeqRange;
import io.billingsdk.server.ledger.Streams.LossEquation;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.io.PrintWriter;
import java.util.List;
import java.util.stream.Collectors;

/** Streams as an operator reads them, or a program. */
final class StreamList {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** More ranges tell an operator nothing; a program has all of them. */
  private static final int RANGES = 8;

  private static final int INSTANCE = 32;

  private StreamList() {}

  /** In one word. */
  static String state(StreamState stream) {
    return stream.state().text();
  }

  static void print(List<StreamState> streams, PrintWriter out, Terminal terminal) {
    Table table =
        new Table(terminal)
            .whole("stream")
            .text("instance", INSTANCE)
            .whole("state")
            .text("sdk", INSTANCE)
            .number("reported")
            .number("stored")
            .number("refused")
            .number("pending")
            .whole("last seen")
            .whole("missing")
            .whole("dropped")
            .whole("written off");
    for (StreamState each : streams) {
      LossEquation said = each.loss();
      table.row(
          each.stream(),
          each.instance(),
          state(each),
          each.sdkVersion(),
          each.reported(),
          each.stored(),
          each.refused(),
          said == null ? null : said.pending(),
          each.lastSeen(),
          ranges(each.gaps()),
          ranges(each.dropped()),
          ranges(each.writtenOff()));
    }
    table.print(out);
  }

  /** {@code 1-5, 9}. */
  static String ranges(List<SeqRange> ranges) {
    String shown =
        ranges.stream().limit(RANGES).map(StreamList::range).collect(Collectors.joining(", "));
    int more = ranges.size() - RANGES;
    return more > 0 ? shown + ", and " + more + " ranges more" : shown;
  }

  private static String range(SeqRange range) {
    return range.first() == range.last()
        ? Long.toString(range.first())
        : range.first() + "-" + range.last();
  }

  /** As the HTTP API has them. */
  static void printJson(List<StreamState> streams, PrintWriter out) {
    ObjectNode all = JSON.createObjectNode();
    ArrayNode items = all.putArray("items");
    for (StreamState each : streams) {
      ObjectNode item = items.addObject();
      item.put("stream", each.stream().toString());
      if (each.instance() != null) {
        item.put("instance", each.instance());
      }
      item.put("state", state(each));
      if (each.reported() != null) {
        item.put("reported", each.reported());
      }
      item.put("highest", each.highest());
      item.put("stored", each.stored());
      item.put("refused", each.refused());
      item.put("complete", each.isComplete());
      if (each.sdkVersion() != null) {
        item.put("sdkVersion", each.sdkVersion());
      }
      putRanges(item.putArray("gaps"), each.gaps());
      putRanges(item.putArray("dropped"), each.dropped());
      putRanges(item.putArray("writtenOff"), each.writtenOff());
      putLoss(item, each);
      item.put("lastSeenAt", each.lastSeen().toString());
    }
    out.println(AsciiJson.line(all));
  }

  private static void putRanges(ArrayNode array, List<SeqRange> ranges) {
    for (SeqRange each : ranges) {
      array.addObject().put("first", each.first()).put("last", each.last());
    }
  }

  private static void putLoss(ObjectNode item, StreamState stream) {
    LossEquation said = stream.loss();
    if (said != null) {
      item.putObject("loss")
          .put("accepted", said.accepted())
          .put("delivered", said.delivered())
          .put("pending", said.pending())
          .put("deadLettered", said.deadLettered())
          .put("dropped", said.dropped())
          .put("rejected", said.rejected());
    }
  }
}
