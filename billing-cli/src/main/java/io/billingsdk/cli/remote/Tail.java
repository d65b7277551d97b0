package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.billingsdk.cli.console.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Follows the live tail over cuts of the connection: usage that was stored meanwhile is read from
 * the ledger, since the tail has no memory, and no item is shown twice. For one thread.
 */
final class Tail {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  /**
   * Events received before a cut may be committed, and so sent, after it: for as long as the server
   * waits for its database.
   */
  private static final Duration MARGIN = Duration.ofSeconds(60);

  private final BillingHttp http;
  private final Query parameters;
  private final Duration silence;
  private final @Nullable TailGapFill missed;
  private final Predicate<TailItem> listener;
  private final Consumer<String> notices;
  private final SeenItems seen = new SeenItems();

  /** By the server's clock; null before the first connection. */
  private @Nullable Instant begun;

  /** The server's clock before ours. */
  private Duration ahead = Duration.ZERO;

  /** All events sent until then, by our clock, were shown. */
  private Instant caughtUp = Instant.EPOCH;

  private boolean ended;

  /**
   * A tail.
   *
   * @param parameters of the request
   * @param silence after which a connection is given up; the server says something every 5 seconds
   * @param missed reads what was missed; null when usage is not asked for
   * @param listener hears each item once; false: no more of them
   * @param notices hears of the first connection, and of cuts
   */
  Tail(
      BillingHttp http,
      Query parameters,
      Duration silence,
      @Nullable TailGapFill missed,
      Predicate<TailItem> listener,
      Consumer<String> notices) {
    this.http = http;
    this.parameters = parameters;
    this.silence = silence;
    this.missed = missed;
    this.listener = listener;
    this.notices = notices;
  }

  /**
   * Follows until the listener has enough.
   *
   * @throws CommandException when the server refuses, or cannot be reached the first time
   */
  void follow() throws InterruptedException {
    Duration pause = FIRST_PAUSE;
    while (true) {
      Instant connecting = Instant.now();
      try {
        connection();
      } catch (IOException away) {
        CommandException reason = Unreachable.because(away, http.server());
        if (begun == null) {
          throw reason;
        }
        notices.accept(reason.getMessage() + "; trying again");
      }
      if (ended) {
        return;
      }
      // A server that lets in and ends at once is not to be called in a loop.
      boolean held = Duration.between(connecting, Instant.now()).compareTo(LONGEST_PAUSE) > 0;
      pause = held ? FIRST_PAUSE : pause;
      Thread.sleep(pause.toMillis());
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }

  /** One connection, from its beginning to its end. */
  private void connection() throws IOException, InterruptedException {
    HttpResponse<InputStream> answer = http.open("/tail", parameters, "text/event-stream");
    try (ServerSentEvents events = new ServerSentEvents(answer.body(), silence)) {
      if (begun == null) {
        Instant now = clock(answer);
        ahead = Duration.between(Instant.now(), now);
        begun = now;
        notices.accept("watching " + http.server());
      } else {
        // After the connection is there: events committed from now on are in it.
        catchUp(begun);
      }
      caughtUp = events.heard();
      watch(events);
      caughtUp = events.heard();
    }
    if (!ended) {
      notices.accept("the connection to the live tail has ended; connecting again");
    }
  }

  private void watch(ServerSentEvents events) throws IOException, InterruptedException {
    while (!ended) {
      Optional<ServerSentEvents.Event> event = events.next();
      if (event.isEmpty()) {
        return;
      }
      TailItem item = item(event.get());
      if (item.isKnown()) {
        var unused = show(item);
      }
    }
  }

  private void catchUp(Instant first) throws IOException {
    if (missed == null) {
      return;
    }
    Instant since = caughtUp.plus(ahead).minus(MARGIN);
    missed.since(since.isBefore(first) ? first : since, this::show);
  }

  private boolean show(TailItem item) {
    if (item.isLost() || seen.isNew(item)) {
      ended = !listener.test(item);
    }
    return !ended;
  }

  private static TailItem item(ServerSentEvents.Event event) throws IOException {
    try {
      return new TailItem(event.name(), BillingHttp.JSON.readTree(event.data()));
    } catch (JsonProcessingException malformed) {
      throw new IOException("the answer is not a live tail", malformed);
    }
  }

  /** The server's clock, which its times of receipt follow. */
  private static Instant clock(HttpResponse<InputStream> answer) {
    try {
      return answer
          .headers()
          .firstValue("Date")
          .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant())
          .orElseGet(Instant::now);
    } catch (DateTimeParseException malformed) {
      return Instant.now();
    }
  }
}
