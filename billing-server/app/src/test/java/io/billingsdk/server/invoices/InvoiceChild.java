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
    DatabaseAddress address =
        new DatabaseAddress(arguments[0], arguments[1], System.getenv("DATABASE_PASSWORD"));
    Database database = Database.at(address);
    CountDownLatch never = new CountDownLatch(1);
    while (!never.await(10, TimeUnit.MILLISECONDS)) {
      try {
        var unused =
            new InvoiceRun(database, InvoiceWorld.TABLE, InvoiceWorld.TESTER)
                .run(null, /* eager= */ true, progress -> {});
      } catch (RequestRefusedException gaveWay) {
        // A cut gave way: the job is tried again, as in the server.
        System.out.println(gaveWay);
      } catch (DatabaseException gone) {
        System.out.println(gone);
        // The pool of old would wait for seconds before it asks a database that is back.
        database.close();
        database = Database.at(address);
      }
    }
  }
}
