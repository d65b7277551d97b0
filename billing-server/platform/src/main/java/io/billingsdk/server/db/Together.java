package io.billingsdk.server.db;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.jspecify.annotations.Nullable;

/**
 * Changes that go to the database together, and happen there one after the other: one journey
 * instead of many, while others wait for a lock. For one thread.
 */
public final class Together {
  private final StringBuilder text = new StringBuilder();
  private final List<@Nullable Object> values = new ArrayList<>();

  /**
   * Adds a statement.
   *
   * @param sql without a semicolon, with a question mark for each value
   */
  public Together add(String sql, @Nullable Object... values) {
    text.append(text.isEmpty() ? "" : ";\n").append(sql);
    this.values.addAll(Arrays.asList(values));
    return this;
  }

  /** Does them all, in the transaction of the handle. */
  public void execute(Handle handle) {
    Update update = handle.createUpdate(text.toString());
    for (int i = 0; i < values.size(); i++) {
      update.bind(i, values.get(i));
    }
    update.execute();
  }
}
