package io.billingsdk.benchmarks.stores;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** RocksDB; a batch is one {@code WriteBatch}, written with {@code sync}: the log is forced. */
final class RocksDbStore implements EventStore {
  private final Options options = new Options().setCreateIfMissing(true);
  private final WriteOptions forced = new WriteOptions().setSync(true);
  private final WriteOptions unforced = new WriteOptions().setSync(false);
  private final WriteBatch batch = new WriteBatch();
  private final RocksDB db;
  private long lastSeq;

  RocksDbStore(Path directory) throws RocksDBException {
    db = RocksDB.open(options, directory.toString());
    try (RocksIterator events = db.newIterator()) {
      events.seekToLast();
      lastSeq = events.isValid() ? ByteBuffer.wrap(events.key()).getLong() : 0;
    }
  }

  @Override
  public void append(byte[] body) throws RocksDBException {
    batch.put(key(++lastSeq), body);
  }

  @Override
  public void force() throws RocksDBException {
    db.write(forced, batch);
    batch.clear();
  }

  @Override
  public void drain(Consumer<byte[]> reader) throws RocksDBException {
    try (RocksIterator events = db.newIterator()) {
      events.seekToFirst();
      byte @Nullable [] first = null;
      int read = 0;
      while (events.isValid()) {
        byte[] key = events.key();
        first = first == null ? key : first;
        reader.accept(events.value());
        events.next();
        read++;
        if (read % ACKNOWLEDGED_AT_ONCE == 0 || !events.isValid()) {
          db.deleteRange(unforced, first, key(ByteBuffer.wrap(key).getLong() + 1));
          first = null;
        }
      }
      events.status();
    }
  }

  @Override
  public void close() {
    db.close();
    batch.close();
    forced.close();
    unforced.close();
    options.close();
  }

  /** Big-endian, so that the order of keys is that of the events. */
  private static byte[] key(long seq) {
    return ByteBuffer.allocate(Long.BYTES).putLong(seq).array();
  }
}
