package io.billingsdk.server.invoices;

import io.billingsdk.server.common.RequestRefusedException;
import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.db.DatabaseException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own that bills what is due until it is killed. */
public final class InvoiceChild {
  private InvoiceChild() {}

  /** Bills. */
  public static void main(String[] arguments) throws Exception {
    Database database =
        Database.at(
            new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD")));
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(10, TimeUnit.MILLISECONDS)) {
      try {
        var unused =
            new InvoiceRun(database, InvoiceWorld.TABLE, InvoiceWorld.TESTER)
                .run(null, /* eager= */ true, progress -> {});
      } catch (DatabaseException | RequestRefusedException gone) {
        // A session was killed, or a cut gave way: the job is tried again, as in the server.
        System.out.println(gone);
      }
    }
  }
}
