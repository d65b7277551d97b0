package io.billingsdk.server.ledger;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;
import org.postgresql.util.ByteConverter;

/**
 * COPY into a table, in PostgreSQL's binary format: the fastest way there is. Writes go out in
 * pieces, so that PostgreSQL works on the first rows while the next are made. For one thread.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-copy.html">COPY, Binary Format</a>
 */
final class BinaryCopy implements AutoCloseable {
  private static final byte[] SIGNATURE =
      "PGCOPY\n\u00ff\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
  private static final long MICROS_1970_TO_2000 = 946_684_800_000_000L;
  private static final byte JSONB_VERSION = 1;
  private static final int PIECE_BYTES = 1 << 16;

  private final CopyIn copy;
  private ByteBuffer bytes = ByteBuffer.allocate(PIECE_BYTES);

  private BinaryCopy(CopyIn copy) {
    this.copy = copy;
    bytes.put(SIGNATURE).putInt(0).putInt(0);
  }

  /**
   * Begins.
   *
   * @param statement that copies from STDIN, with the columns in the order in which they will be
   *     written
   */
  static BinaryCopy by(Connection connection, String statement) throws SQLException {
    return new BinaryCopy(connection.unwrap(PGConnection.class).getCopyAPI().copyIn(statement));
  }

  /** Begins a row; each of its columns follows. */
  void row(int columns) throws SQLException {
    if (bytes.position() >= PIECE_BYTES / 2) {
      send();
    }
    room(Short.BYTES).putShort((short) columns);
  }

  void integer(int value) {
    room(2 * Integer.BYTES).putInt(Integer.BYTES).putInt(value);
  }

  void bigint(long value) {
    room(Integer.BYTES + Long.BYTES).putInt(Long.BYTES).putLong(value);
  }

  void time(long millis) {
    bigint(millis * 1_000 - MICROS_1970_TO_2000);
  }

  void numeric(BigDecimal value) {
    // "1E+3" is a number for JSON; the format has no negative scale.
    bytea(ByteConverter.numeric(value.scale() < 0 ? value.setScale(0) : value));
  }

  void text(@Nullable String value) {
    bytea(value == null ? null : value.getBytes(StandardCharsets.UTF_8));
  }

  void jsonb(@Nullable String json) {
    if (json == null) {
      bytea(null);
      return;
    }
    byte[] utf8 = json.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + 1 + utf8.length).putInt(utf8.length + 1).put(JSONB_VERSION).put(utf8);
  }

  void bytea(byte @Nullable [] value) {
    if (value == null) {
      room(Integer.BYTES).putInt(-1);
    } else {
      room(Integer.BYTES + value.length).putInt(value.length).put(value);
    }
  }

  /** All rows are written: returns when the table has them. */
  void end() throws SQLException {
    room(Short.BYTES).putShort((short) -1);
    send();
    copy.endCopy();
  }

  /** Gives it up, if it has not come to its end. */
  @Override
  public void close() throws SQLException {
    // The driver would make whatever follows on this connection wait for it, for ever.
    if (copy.isActive()) {
      copy.cancelCopy();
    }
  }

  private void send() throws SQLException {
    copy.writeToCopy(bytes.array(), 0, bytes.position());
    bytes.clear();
  }

  private ByteBuffer room(int needed) {
    if (bytes.remaining() < needed) {
      ByteBuffer larger = ByteBuffer.allocate(2 * bytes.capacity() + needed);
      bytes = larger.put(bytes.flip());
    }
    return bytes;
  }
}
