package io.billingsdk.benchmarks.stores;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.h2.mvstore.Cursor;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.LongDataType;

/**
 * H2's MVStore, with one writer that only appends. A batch is committed, which writes it, and then
 * synced, which forces the file channel.
 */
final class H2MvStore implements EventStore {
  private final MVStore store;
  private final MVMap<Long, byte[]> events;
  private long lastSeq;

  H2MvStore(Path directory) {
    store =
        new MVStore.Builder()
            .fileName(directory.resolve("events.mv").toString())
            .autoCommitDisabled()
            .open();
    events =
        store.openMap(
            "events",
            new MVMap.Builder<Long, byte[]>()
                .keyType(LongDataType.INSTANCE)
                .valueType(ByteArrayDataType.INSTANCE)
                .singleWriter());
    Long last = events.lastKey();
    lastSeq = last == null ? 0 : last;
  }

  @Override
  public void append(byte[] body) {
    events.append(++lastSeq, body);
  }

  @Override
  public void force() {
    store.commit();
    store.sync();
  }

  @Override
  public void drain(Consumer<byte[]> reader) {
    Cursor<Long, byte[]> cursor = events.cursor(null);
    List<Long> read = new ArrayList<>(ACKNOWLEDGED_AT_ONCE);
    while (cursor.hasNext()) {
      read.add(cursor.next());
      reader.accept(cursor.getValue());
      if (read.size() == ACKNOWLEDGED_AT_ONCE || !cursor.hasNext()) {
        read.forEach(events::remove);
        store.commit();
        read.clear();
      }
    }
  }

  @Override
  public void close() {
    store.close();
  }
}
