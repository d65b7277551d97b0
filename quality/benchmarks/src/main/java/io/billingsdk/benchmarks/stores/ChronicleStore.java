package io.billingsdk.benchmarks.stores;

import java.nio.file.Path;
import java.util.function.Consumer;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.SyncMode;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import net.openhft.chronicle.wire.DocumentContext;

/**
 * Chronicle Queue, in memory-mapped files. A batch is forced by {@code ExcerptAppender.sync}, which
 * is {@code msync(MS_SYNC)} of what is mapped at that moment; without {@link SyncMode#SYNC} it
 * would do nothing. It leaves out writes to an earlier mapping since the last call. So that it
 * forces all that it should, one mapping is larger here than all that an iteration writes.
 *
 * <p>Acknowledging moves the stored index of a named tailer. It deletes no files: it would be whole
 * files only, when their hour or day is over.
 */
final class ChronicleStore implements EventStore {
  private static final long MAPPING_BYTES = 4L << 30;

  private final ChronicleQueue queue;
  private final ExcerptAppender appender;

  ChronicleStore(Path directory) {
    queue =
        SingleChronicleQueueBuilder.binary(directory)
            .syncMode(SyncMode.SYNC)
            .blockSize(MAPPING_BYTES)
            .build();
    appender = queue.createAppender();
  }

  @Override
  public void append(byte[] body) {
    try (DocumentContext document = appender.writingDocument()) {
      bytes(document).write(body);
    }
  }

  @Override
  public void force() {
    appender.sync();
  }

  @Override
  public void drain(Consumer<byte[]> reader) {
    try (ExcerptTailer tailer = queue.createTailer("delivery")) {
      while (readOne(tailer, reader)) {
        // Until there is nothing more.
      }
    }
  }

  @Override
  public void close() {
    appender.close();
    queue.close();
  }

  private static boolean readOne(ExcerptTailer tailer, Consumer<byte[]> reader) {
    try (DocumentContext document = tailer.readingDocument()) {
      if (!document.isPresent()) {
        return false;
      }
      Bytes<?> bytes = bytes(document);
      byte[] body = new byte[Math.toIntExact(bytes.readRemaining())];
      bytes.read(body);
      reader.accept(body);
      return true;
    }
  }

  private static Bytes<?> bytes(DocumentContext document) {
    return java.util.Objects.requireNonNull(document.wire(), "no wire").bytes();
  }
}
