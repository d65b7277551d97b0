package io.billingsdk.internal.journal;

import static org.mockito.AdditionalAnswers.delegatesTo;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Defects that a journal might have, planted between the engine and what is around it. */
enum PlantedBug {
  NONE,

  /** A force does nothing. */
  NO_FORCE,

  /** A force comes only after the futures were completed: at the next write. */
  FUTURE_BEFORE_FORCE,

  /** A force beside the writer is taken as done when it is begun. */
  FUTURE_BEFORE_OVERLAPPED_FORCE,

  /** A segment goes when the first record of it is settled. */
  DELETED_EARLY,

  /** What an earlier process left is handed out under the identity of this process. */
  NEW_IDENTITY,

  /** To make room, records are dropped that are being sent. */
  DROPS_WHAT_IS_SENT,

  /** Records that were never read for delivery are dropped without being counted. */
  DROPS_UNCOUNTED;

  /** The files, with the defect. */
  JournalFiles in(JournalFiles files) {
    return switch (this) {
      case NO_FORCE, FUTURE_BEFORE_FORCE, DELETED_EARLY -> new BadFiles(this, files);
      default -> files;
    };
  }

  /** The syncer, with the defect. */
  Syncer in(Syncer syncer) {
    return this == FUTURE_BEFORE_OVERLAPPED_FORCE ? new HastyForcer(syncer) : syncer;
  }

  /** The way from the engine to who delivers, with the defect. */
  DeliveryQueue in(DeliveryQueue deliveryQueue, UUID stream, AppendQueue queue) {
    return switch (this) {
      case NEW_IDENTITY -> underANewIdentity(deliveryQueue, stream, queue);
      case DROPS_WHAT_IS_SENT -> droppingWhatIsSent(deliveryQueue);
      case DROPS_UNCOUNTED -> droppingUncounted(deliveryQueue);
      default -> deliveryQueue;
    };
  }

  private static DeliveryQueue underANewIdentity(
      DeliveryQueue deliveryQueue, UUID stream, AppendQueue queue) {
    DeliveryQueue bad = mock(DeliveryQueue.class, delegatesTo(deliveryQueue));
    doAnswer(
            call -> {
              JournalRecord read = call.getArgument(0);
              deliveryQueue.offer(
                  read.stream().equals(stream)
                      ? read
                      : new JournalRecord(
                          stream, queue.lastSeq() + 1, read.body(), read.segment()));
              return null;
            })
        .when(bad)
        .offer(any());
    return bad;
  }

  /** What is sent is taken back to what waits, before what waits is dropped. */
  private static DeliveryQueue droppingWhatIsSent(DeliveryQueue deliveryQueue) {
    DeliveryQueue bad = mock(DeliveryQueue.class, delegatesTo(deliveryQueue));
    doAnswer(
            call -> {
              deliveryQueue.rewind();
              return deliveryQueue.dropWaiting(call.getArgument(0));
            })
        .when(bad)
        .dropWaiting(any());
    return bad;
  }

  private static DeliveryQueue droppingUncounted(DeliveryQueue deliveryQueue) {
    DeliveryQueue bad = mock(DeliveryQueue.class, delegatesTo(deliveryQueue));
    doAnswer(call -> null).when(bad).drop(any());
    return bad;
  }

  /** Says at once that a force is done; it ends when the next is begun. */
  private static final class HastyForcer implements Syncer {
    private final Syncer syncer;
    private boolean owed;

    HastyForcer(Syncer syncer) {
      this.syncer = syncer;
    }

    @Override
    public boolean isWorthwhile(long bytes) {
      return syncer.isWorthwhile(bytes);
    }

    @Override
    public void begin(JournalFiles.Output output) {
      end();
      syncer.begin(output);
      owed = true;
    }

    @Override
    public SyncOutcome poll() {
      return SyncOutcome.DONE;
    }

    @Override
    public SyncOutcome await() {
      return SyncOutcome.DONE;
    }

    @Override
    public void close() {
      end();
      syncer.close();
    }

    private void end() {
      if (owed) {
        owed = false;
        syncer.await();
      }
    }
  }

  private record BadFiles(PlantedBug bug, JournalFiles files) implements JournalFiles {
    @Override
    public void createDirectories(Path directory) throws IOException {
      files.createDirectories(directory);
    }

    @Override
    public List<String> list(Path directory) throws IOException {
      return files.list(directory);
    }

    @Override
    public Output create(Path file) throws IOException {
      return new BadOutput(bug, files.create(file));
    }

    @Override
    public Output append(Path file) throws IOException {
      if (bug == DELETED_EARLY) {
        files.delete(file.resolveSibling(file.getFileName().toString().replace(".ack", ".wal")));
      }
      return new BadOutput(bug, files.append(file));
    }

    @Override
    public Input open(Path file) throws IOException {
      return files.open(file);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
      files.forceDirectory(directory);
    }

    @Override
    public void move(Path from, Path to) throws IOException {
      files.move(from, to);
    }

    @Override
    public void delete(Path file) throws IOException {
      files.delete(file);
    }

    @Override
    public Object identity(Path path) throws IOException {
      return files.identity(path);
    }

    @Override
    public Object fileSystem(Path directory) throws IOException {
      return files.fileSystem(directory);
    }

    @Override
    public boolean isWritable(Path directory) {
      return files.isWritable(directory);
    }

    @Override
    public long usableBytes(Path directory) throws IOException {
      return files.usableBytes(directory);
    }

    @Override
    public @Nullable Closeable tryLock(Path file) throws IOException {
      return files.tryLock(file);
    }
  }

  private static final class BadOutput implements JournalFiles.Output {
    private final PlantedBug bug;
    private final JournalFiles.Output output;
    private boolean owed;

    BadOutput(PlantedBug bug, JournalFiles.Output output) {
      this.bug = bug;
      this.output = output;
    }

    @Override
    public void write(ByteBuffer bytes) throws IOException {
      if (owed && bug == FUTURE_BEFORE_FORCE) {
        output.force();
        owed = false;
      }
      output.write(bytes);
    }

    @Override
    public void force() throws IOException {
      owed = true;
      if (bug != NO_FORCE && bug != FUTURE_BEFORE_FORCE) {
        output.force();
      }
    }

    @Override
    public void truncate(long bytes) throws IOException {
      output.truncate(bytes);
    }

    @Override
    public void close() throws IOException {
      output.close();
    }
  }
}
