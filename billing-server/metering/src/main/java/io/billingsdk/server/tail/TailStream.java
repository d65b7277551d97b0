package io.billingsdk.server.tail;

import com.fasterxml.jackson.annotation.JsonRawValue;
import io.billingsdk.server.http.ApiResponse.Streaming;
import io.billingsdk.server.http.Json;
import io.billingsdk.server.http.LastingExchange;
import io.billingsdk.server.http.Problem;
import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.tail.LiveTail.Subscription;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The live tail as one listener reads it: server-sent events. It has a thread only while there is
 * something to show. Thread-safe.
 */
final class TailStream implements Streaming {
  /** How often the line is known to be open. */
  private static final Duration BEAT = Duration.ofSeconds(5);

  private final Subscription watching;
  private final LastingExchange lastingExchange;
  private final AtomicBoolean wanted = new AtomicBoolean();
  private final AtomicBoolean quiet = new AtomicBoolean();
  private volatile boolean over;
  private volatile @Nullable Future<?> beat;

  TailStream(Subscription watching, LastingExchange lastingExchange) {
    this.watching = watching;
    this.lastingExchange = lastingExchange;
  }

  @Override
  public void begin() {
    lastingExchange.begin();
    say(": events committed from now on, none from before", "");
    beat = lastingExchange.every(BEAT, this::beat);
    watching.onItem(this::goOn);
    goOn();
  }

  private void beat() {
    if (quiet.getAndSet(true) && !lastingExchange.isFull()) {
      say(": still here", "");
    }
    goOn();
  }

  private void goOn() {
    if (!over && wanted.compareAndSet(false, true)) {
      if (!lastingExchange.show(this::show)) {
        wanted.set(false);
      }
    }
  }

  private synchronized void show() {
    wanted.set(false);
    while (!over) {
      if (lastingExchange.isFull()) {
        lastingExchange.onRoom(this::goOn);
        return;
      }
      TailItem item = watching.poll();
      if (item == null) {
        return;
      }
      quiet.set(false);
      item(item);
    }
  }

  @Override
  public void end(Problem why) {
    gone();
    say(": the live tail ends: " + Problem.oneLine(why.detail()), "");
    lastingExchange.close();
  }

  @Override
  public void gone() {
    over = true;
    Future<?> last = beat;
    if (last != null) {
      boolean unused = last.cancel(/* mayInterruptIfRunning= */ false);
    }
  }

  private void item(TailItem item) {
    if (item instanceof TailItem.Usage event) {
      event("usage", TailUsage.of(event));
    } else if (item instanceof TailItem.Rejected) {
      event("rejected", item);
    } else {
      event("lost", item);
    }
  }

  private void event(String name, Object data) {
    // JSON has no line break outside of texts, and none unescaped within.
    say("event: " + name, "data: " + new String(Json.bytes(data), StandardCharsets.UTF_8), "");
  }

  private void say(String... lines) {
    lastingExchange.write((String.join("\n", lines) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private record TailUsage(
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
      @Nullable Map<String, BigDecimal> quantities,
      @Nullable String subject,
      @Nullable String session,
      @Nullable String execution,
      @Nullable EventRef corrects) {
    static TailUsage of(TailItem.Usage event) {
      EventDetails details = event.details();
      return new TailUsage(
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
          details.quantities().isEmpty() ? null : details.quantities(),
          details.subject(),
          details.session(),
          details.execution(),
          event.corrects());
    }
  }
}
