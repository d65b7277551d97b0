package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random sequences of invoices, credit notes, payments, over-payments, refunds, charge-backs and
 * write-offs of customers in currencies with 0, 2 and 3 decimals: accounts add up to 0 after each
 * commit and for each currency, and balances are those of a naive model.
 */
@Tag("postgres")
class DoubleEntryTest {
  private static final boolean RELEASE = "release".equals(System.getProperty("size"));
  private static final int SEQUENCES =
      Integer.getInteger("double.entry.sequences", RELEASE ? 10_000 : 60);
  private static final int LONGEST = 12;
  private static final List<String> CURRENCIES = List.of("USD", "JPY", "KWD");

  @TempDir Path directory;

  private int acts;
  private int refused;
  private int invoices;
  private int payments;
  private int claims;

  /** The last posting that was added up. */
  private long added;

  @Test
  void sequences_ofAnyActs_addUp_andEqualANaiveModel() throws Exception {
    long seed = Long.getLong("double.entry.seed", new Random().nextLong());
    Random random = new Random(seed);
    try (PaymentWorld world = new PaymentWorld(directory)) {
      for (int i = 0; i < SEQUENCES; i++) {
        if (i % 200 == 199) {
          // As autovacuum does: plans that were made for empty tables are made again.
          world.http.world().execute("ANALYZE");
        }
        String currency = CURRENCIES.get(random.nextInt(CURRENCIES.size()));
        sequence(world, new NaiveBooks(world, "c" + i, currency), random, seed);
      }
      assertThat(unbalanced(world, 0)).as("currencies of all books, seed %d", seed).isZero();
    }
    Proof.sized("double-entry", SEQUENCES, 10_000)
        .with("sequences", SEQUENCES)
        .with("acts", acts)
        .with("currencies", CURRENCIES.size())
        .with("refused", refused)
        .with("invoices", invoices)
        .with("payments", payments)
        .with("claims", claims)
        .with("wrong", 0)
        .with("seed", seed)
        .print();
    assertThat(refused).isLessThan(acts / 2);
  }

  private void sequence(PaymentWorld world, NaiveBooks books, Random random, long seed)
      throws Exception {
    int length = 1 + random.nextInt(LONGEST);
    for (int i = 0; i < length; i++) {
      books.act(random);
      check(world, books, seed);
    }
    acts += length;
    refused += books.refused();
    invoices += books.invoices();
    payments += books.payments();
    claims += books.claims();
  }

  private void check(PaymentWorld world, NaiveBooks books, long seed) throws Exception {
    Payments.CustomerBalance balance = world.payments().balance(books.customer());
    assertThat(balance.owed()).as("owed, seed %d", seed).isEqualTo(books.owed());
    assertThat(balance.kept()).as("kept, seed %d", seed).isEqualTo(books.kept());
    // Nobody can change an earlier posting, and all of them add up to 0.
    assertThat(unbalanced(world, added)).as("seed %d", seed).isZero();
    added = world.http.world().count("SELECT coalesce(max(posting_id), 0) FROM posting");
  }

  /** Currencies in which the accounts do not add up to 0, from the postings after one. */
  private static long unbalanced(PaymentWorld world, long after) throws Exception {
    return world
        .http
        .world()
        .count(
            "SELECT count(*) FROM (SELECT sum(amount) AS s FROM posting_entry"
                + " JOIN posting USING (posting_id) WHERE posting_id > "
                + after
                + " GROUP BY currency) AS a WHERE s <> 0");
  }
}
