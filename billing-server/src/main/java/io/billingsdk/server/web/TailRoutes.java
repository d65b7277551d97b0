package io.billingsdk.server.web;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.billingsdk.server.access.Authentication;
import io.billingsdk.server.access.Tokens;
import io.billingsdk.server.ledger.EventRef;
import io.billingsdk.server.tail.LiveTail;
import io.billingsdk.server.tail.Subscription;
import io.billingsdk.server.tail.TailFilter;
import io.billingsdk.server.tail.TailItem;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The live tail, as server-sent events. */
final class TailRoutes {
  private static final Logger log = LoggerFactory.getLogger(TailRoutes.class);

  /** How often the line is known to be open, and the token still to be good. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final LiveTail tail;

  TailRoutes(LiveTail tail) {
    this.tail = tail;
  }

  List<Route> routes() {
    return List.of(
        Route.read(Route.BASE + "/tail", this::tail)
            .query("type")
            .query(UsageRoutes.filterParameters())
            .forApps());
  }

  private Answer tail(Request request) {
    String type = request.parameter("type").orElse("");
    if (!List.of("", "usage", "rejected").contains(type)) {
      throw Request.invalid("type", "usage or rejected");
    }
    TailFilter filter =
        new TailFilter(
            UsageRoutes.filter(request), !type.equals("rejected"), !type.equals("usage"));
    Subscription watching =
        tail.subscribe(filter)
            .orElseThrow(
                () ->
                    new ProblemException(
                        Problem.busy("as many watch the live tail of this server as it serves")));
    return new Answer.Streamed(
        "text/event-stream; charset=utf-8",
        out -> write(watching, new Gate(request), out),
        watching::close);
  }

  /** Whether the caller may still watch: a token that is revoked must not go on to see. */
  private static final class Gate {
    private final Tokens tokens;
    private final String token;
    private long checked = System.nanoTime();

    Gate(Request request) {
      this.tokens = new Tokens(request.database());
      this.token = Endpoint.bearer(request.header("Authorization").orElse(""));
    }

    boolean isOpen() throws SQLException {
      if (System.nanoTime() - checked < BEAT.toNanos()) {
        return true;
      }
      checked = System.nanoTime();
      return tokens.authenticate(token) instanceof Authentication.Known;
    }
  }

  private static void write(Subscription watching, Gate gate, OutputStream out) {
    try {
      line(out, ": what is committed from now on, nothing from before", "");
      out.flush();
      while (gate.isOpen()) {
        TailItem item = watching.poll(BEAT);
        if (item == null) {
          line(out, ": still here", "");
        }
        while (item != null && gate.isOpen()) {
          item(out, item);
          item = watching.poll(Duration.ZERO);
        }
        out.flush();
      }
    } catch (IOException gone) {
      log.debug("whoever watched the live tail has gone", gone);
    } catch (SQLException failed) {
      log.warn("the live tail ends: a token cannot be checked: {}", failed.getMessage());
    } catch (InterruptedException stopping) {
      Thread.currentThread().interrupt();
    }
  }

  private static void item(OutputStream out, TailItem item) throws IOException {
    if (item instanceof TailItem.Usage event) {
      event(out, "usage", Usage.of(event));
    } else if (item instanceof TailItem.Rejected) {
      event(out, "rejected", item);
    } else {
      event(out, "lost", item);
    }
  }

  private static void event(OutputStream out, String name, Object data) throws IOException {
    // JSON has no line break outside of texts, and none unescaped within.
    line(
        out, "event: " + name, "data: " + new String(Json.bytes(data), StandardCharsets.UTF_8), "");
  }

  private static void line(OutputStream out, String... lines) throws IOException {
    out.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private record Usage(
      Instant occurredAt,
      UUID stream,
      long seq,
      @Nullable String instance,
      @Nullable String appId,
      @Nullable String keyId,
      String module,
      String model,
      BigDecimal usage,
      @JsonRawValue @Nullable String metadata,
      @Nullable EventRef corrects) {
    static Usage of(TailItem.Usage event) {
      return new Usage(
          event.occurredAt(),
          event.stream(),
          event.seq(),
          event.instance(),
          event.app(),
          event.key(),
          event.module(),
          event.model(),
          event.usage(),
          event.metadata(),
          event.corrects());
    }
  }
}
