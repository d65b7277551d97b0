package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Sends parts of lines, each until it has an answer, under idempotency keys that are the same each
 * time: a part whose answer was lost is sent again and counted once.
 *
 * <p>A part is a request of its own, since Java's HTTP client reads no answer before the request
 * has ended: with one request for all, client and server would in the end both wait to write. For
 * one thread.
 */
final class Sender {
  private static final String NDJSON = "application/x-ndjson";
  private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final BillingHttp http;
  private final String idempotencyKey;
  private final Duration patience;
  private final Consumer<String> notices;

  /**
   * A sender.
   *
   * @param idempotencyKey that of a line is {@code KEY/BLOCK/LINE-OF-THE-BLOCK}
   * @param patience how long a part is tried again while the server is away
   * @param notices hears that it is, once for each part
   */
  Sender(BillingHttp http, String idempotencyKey, Duration patience, Consumer<String> notices) {
    this.http = http;
    this.idempotencyKey = idempotencyKey;
    this.patience = patience;
    this.notices = notices;
  }

  /**
   * Sends one.
   *
   * @return the lines of the answer, the last with the sums
   * @throws CommandException when it is refused, or the patience has ended
   */
  List<JsonNode> send(LineBatches.LineBatch part) {
    long end = System.nanoTime() + patience.toNanos();
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return tried(part);
      } catch (CommandException refused) {
        throw part.before() == 0 ? refused : stopped(part, refused.getMessage(), refused);
      } catch (IOException away) {
        boolean isForGood = away instanceof SSLHandshakeException;
        if (isForGood || System.nanoTime() + pause.toNanos() > end) {
          throw stopped(part, reason(away), away);
        }
        if (pause.equals(FIRST_PAUSE)) {
          notices.accept(reason(away) + "; trying again for " + patience.toSeconds() + " s");
        }
      }
      rest(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }

  private @Nullable String reason(IOException away) {
    return Unreachable.because(away, http.server()).getMessage();
  }

  /** Without its key a repetition could not tell the rest from the stored lines. */
  private CommandException stopped(
      LineBatches.LineBatch part, @Nullable String reason, Exception cause) {
    return new CommandException(
        reason
            + "; "
            + part.before()
            + " lines have an outcome; send all again with --idempotency-key "
            + idempotencyKey
            + ": nothing is then counted twice",
        cause);
  }

  private List<JsonNode> tried(LineBatches.LineBatch part) throws IOException {
    String answer =
        http.post("/events/stream", NDJSON, idempotencyKey + "/" + part.block(), part.bytes());
    List<JsonNode> lines = lines(answer);
    JsonNode last =
        lines.isEmpty() ? BillingHttp.JSON.createObjectNode() : lines.get(lines.size() - 1);
    if (last.path("done").asBoolean()) {
      return lines;
    }
    String why = last.path("problem").path("detail").asText("the answer was cut off");
    throw new ServerUnavailableException(Text.printable(why));
  }

  /** A line that is cut off is no answer. */
  private static List<JsonNode> lines(String body) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    try {
      for (String line : body.lines().toList()) {
        lines.add(BillingHttp.JSON.readTree(line));
      }
      return lines;
    } catch (JsonProcessingException cut) {
      throw new ServerUnavailableException("the answer was cut off");
    }
  }

  private static void rest(Duration pause) {
    try {
      Thread.sleep(pause.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted", interrupted);
    }
  }
}
