package io.billingsdk.journal;

import static java.util.Objects.requireNonNull;

import io.billingsdk.BillingConfig;
import io.billingsdk.internal.client.DefaultBillingClient;
import io.billingsdk.internal.journal.DeadLetterJournal;
import io.billingsdk.internal.journal.DeadLetters;
import io.billingsdk.internal.journal.JournalInspector;
import io.billingsdk.protocol.EncodedEvent;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * A journal's directory, looked at from outside.
 *
 * <p>Guarantees:
 *
 * <ul>
 *   <li><b>It may be used beside a living service</b>, and shows what was in the files at that
 *       moment.
 *   <li><b>Looking changes nothing.</b> {@link #inspect}, {@link #export} and {@link #deadEvents}
 *       only read. Links and directories of other users are not followed.
 *   <li><b>Nothing is deleted before it is delivered.</b> A replay that is killed costs a
 *       repetition, which the billing system recognises.
 * </ul>
 *
 * <p>Pending events need no method here: a client with this directory, {@link
 * io.billingsdk.BillingClient#create}, delivers what dead processes have left.
 *
 * <p>Immutable and thread-safe. The constructor reads nothing; the methods wait for the disk.
 */
public final class StoredJournal {
  private final Path directory;

  private StoredJournal(Path directory) {
    this.directory = requireNonNull(directory, "directory");
  }

  /** The journal in a directory, the {@code journalDirectory} of a service. */
  public static StoredJournal in(Path directory) {
    return new StoredJournal(directory);
  }

  /**
   * All slots, by name; empty when there is no journal.
   *
   * @throws IOException when the directory cannot be read
   */
  public List<JournalSlot> inspect() throws IOException {
    return new JournalInspector(directory).inspect().stream().map(JournalSlot::new).toList();
  }

  /**
   * Hands out every valid event, slot by slot, in the order in which they were written.
   *
   * @throws IOException when the directory cannot be read
   */
  public void export(Consumer<JournalEvent> consumer) throws IOException {
    new JournalInspector(directory).forEach(stored -> consumer.accept(new JournalEvent(stored)));
  }

  /**
   * The events that were refused for good and set aside, slot by slot; empty when there is none.
   *
   * @throws IOException when the directory cannot be read
   */
  public List<DeadEvent> deadEvents() throws IOException {
    DeadLetters letters = new DeadLetters(directory);
    return letters.list().stream().map(letter -> new DeadEvent(letters, letter)).toList();
  }

  /**
   * A replay of events that were set aside, under the identities that they have.
   *
   * @param config where to deliver; its {@code journalDirectory} is not used
   * @param events some of {@link #deadEvents}
   * @param timeOffset added to the time of use of each; zero to leave it
   */
  public DeadEventReplay replay(BillingConfig config, List<DeadEvent> events, Duration timeOffset) {
    long offsetMillis = timeOffset.toMillis();
    DeadLetterJournal journal =
        new DeadLetterJournal(
            new DeadLetters(directory),
            events.stream().map(DeadEvent::letter).toList(),
            event -> EncodedEvent.moved(event, offsetMillis));
    return new DeadEventReplay(DefaultBillingClient.create(config, journal), journal);
  }
}
