package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.BillingException;
import io.billingsdk.Durability;
import io.billingsdk.WhenFull;
import io.billingsdk.internal.journal.BlockingJournal;
import io.billingsdk.internal.journal.DurableJournal;
import io.billingsdk.internal.journal.EventJournal;
import io.billingsdk.internal.journal.MemoryJournal;
import io.billingsdk.internal.journal.Retention;
import io.billingsdk.internal.time.Clock;
import io.billingsdk.protocol.EncodedEvent;
import io.billingsdk.protocol.MalformedMessageException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The journal that the configuration asks for.
 *
 * @param stored where events are
 * @param journal what the other parts use: the same, or one that waits for room in it
 */
record ClientJournal(EventJournal stored, EventJournal journal) {

  /** The journal of the configuration, or the one that is given. Not open yet. */
  static ClientJournal of(BillingConfig config, @Nullable EventJournal given, Clock clock) {
    EventJournal stored = given == null ? made(config, clock) : given;
    return new ClientJournal(
        stored,
        config.whenFull() instanceof WhenFull.Block block
            ? new BlockingJournal(stored, block.atMost())
            : stored);
  }

  /**
   * Opens it; throws when its directory cannot be used.
   *
   * @param erasesKeys whether what is written again needs no key
   * @param begunAgain run when the journal was begun again in a new directory
   */
  void open(BooleanSupplier erasesKeys, Consumer<String> onProblem, Runnable begunAgain) {
    if (stored instanceof DurableJournal durable) {
      durable.erasingKeysBy(ClientJournal::withoutKey, erasesKeys);
      durable.onProblem(onProblem, begunAgain);
      try {
        durable.start();
      } catch (IOException failed) {
        throw new BillingException("journalDirectory: " + failed.getMessage(), failed);
      }
    }
  }

  private static byte[] withoutKey(byte[] event) {
    try {
      return EncodedEvent.withoutKey(event);
    } catch (MalformedMessageException notOurs) {
      return event;
    }
  }

  private static EventJournal made(BillingConfig config, Clock clock) {
    Optional<Long> inMemory = config.journalInMemory();
    boolean dropOldest = config.whenFull() instanceof WhenFull.DropOldest;
    return inMemory.isPresent()
        ? new MemoryJournal(inMemory.get(), dropOldest)
        : DurableJournal.in(
            config.journalDirectory(),
            config.journalMaxBytes(),
            forceInterval(config.durability()),
            config.journalMinFreeBytes(),
            dropOldest,
            retention(config),
            config.recreateJournal(),
            clock);
  }

  private static @Nullable Retention retention(BillingConfig config) {
    Duration time = config.retainDelivered();
    return time.isZero() ? null : new Retention(time, config.retainDeliveredBytes());
  }

  private static @Nullable Duration forceInterval(Durability durability) {
    if (durability instanceof Durability.Interval interval) {
      return interval.atMost();
    }
    return durability instanceof Durability.EveryWrite ? Duration.ZERO : null;
  }
}
