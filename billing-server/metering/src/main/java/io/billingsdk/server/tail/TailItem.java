package io.billingsdk.server.tail;

import io.billingsdk.server.ledger.Corrections.EventRef;
import io.billingsdk.server.ledger.EventDetails;
import io.billingsdk.server.ledger.UsageEvents.StoredEvent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that the live tail shows. */
public sealed interface TailItem {

  /**
   * An event that is in the ledger: its transaction is committed.
   *
   * @param instance its name; null when it is not known
   * @param app that it belongs to; null: of none that is known
   * @param key the id of its key; null when it is not known
   * @param metadata a JSON object; null for none, and where it is too long for the tail
   * @param details what it says beside its usage; without quantities where it is too long for the
   *     tail
   * @param corrects the event that this one corrects; null when it is no correction
   */
  record Usage(
      Instant occurredAt,
      UUID stream,
      long seq,
      @Nullable String instance,
      @Nullable String app,
      @Nullable String key,
      String module,
      String model,
      BigDecimal usage,
      @Nullable String metadata,
      EventDetails details,
      @Nullable EventRef corrects)
      implements TailItem {
    /** The shown form of an event that somebody put into the ledger by hand. */
    public static Usage of(StoredEvent event) {
      return new Usage(
          event.occurredAt(),
          event.stream(),
          event.seq(),
          null,
          event.app(),
          event.key(),
          event.module(),
          event.model(),
          event.usage(),
          event.metadata(),
          event.details(),
          event.corrects());
    }
  }

  /**
   * An event, or a whole message, that was refused for good and is kept with its reason.
   *
   * @param stream null for a message that could not be read
   * @param code why, for machines
   * @param detail names the field, the bound and what was expected; quotes no content
   */
  record Rejected(
      Instant at,
      @Nullable UUID stream,
      long seq,
      @Nullable String instance,
      String code,
      String detail)
      implements TailItem {}

  /**
   * Something is not shown: the watcher was too slow, too much came at once, or the database was
   * away.
   *
   * @param atLeast so many items of any kind; 0: nobody knows how many
   */
  record Lost(long atLeast) implements TailItem {}

  /** Receives committed events. */
  interface TailSink {
    /** Nobody watches. */
    TailSink NONE =
        new TailSink() {
          @Override
          public boolean isWanted() {
            return false;
          }

          @Override
          public void offer(List<? extends TailItem> items) {}
        };

    /** Whether somebody watches, on any server; if not, nothing need be made to be shown. */
    boolean isWanted();

    /** Takes what was committed. Returns at once, whatever becomes of it. */
    void offer(List<? extends TailItem> items);
  }
}
