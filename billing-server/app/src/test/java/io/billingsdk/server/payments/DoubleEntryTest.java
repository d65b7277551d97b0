package io.billingsdk.server.payments;

import static org.assertj.core.api.Assertions.assertThat;

import io.billingsdk.rating.Money;
import io.billingsdk.testbed.Proof;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random invoices, credit notes, payments, over-payments, refunds, charge-backs and write-offs of
 * customers in currencies with 0, 2 and 3 decimals: accounts add up to 0 after each commit and for
 * each currency, and balances are those of a naive model.
 */
@Tag("postgres")
class DoubleEntryTest {
  private static final int ACTS = Integer.getInteger("double.entry.acts", acts());

  @TempDir Path directory;

  private static int acts() {
    return System.getProperty("size", "").equals("release") ? 10_000 : 400;
  }

  @Test
  void acts_inAnyOrder_addUp_andEqualANaiveModel() throws Exception {
    long seed = Long.getLong("double.entry.seed", new Random().nextLong());
    Random random = new Random(seed);
    List<NaiveBooks> books;
    try (PaymentWorld world = new PaymentWorld(directory)) {
      books =
          List.of(
              new NaiveBooks(world, "usd", "USD"),
              new NaiveBooks(world, "jpy", "JPY"),
              new NaiveBooks(world, "kwd", "KWD"));
      for (int i = 0; i < ACTS; i++) {
        NaiveBooks each = books.get(random.nextInt(books.size()));
        each.act(random);
        check(world, each, seed);
      }
    }
    int refused = books.stream().mapToInt(NaiveBooks::refused).sum();
    Proof.sized("double-entry", ACTS, 10_000)
        .with("acts", ACTS)
        .with("currencies", books.size())
        .with("refused", refused)
        .with("invoices", books.stream().mapToInt(NaiveBooks::invoices).sum())
        .with("payments", books.stream().mapToInt(NaiveBooks::payments).sum())
        .with("claims", books.stream().mapToInt(NaiveBooks::claims).sum())
        .with("wrong", 0)
        .with("seed", seed)
        .print();
    assertThat(refused).isLessThan(ACTS / 2);
  }

  private static void check(PaymentWorld world, NaiveBooks books, long seed) throws Exception {
    Payments.CustomerBalance balance = world.payments().balance(books.customer());
    Money owed = books.owed();
    assertThat(balance.owed()).as("owed, seed %d", seed).isEqualTo(owed);
    assertThat(balance.kept()).as("kept, seed %d", seed).isEqualTo(books.kept());
    assertThat(
            world
                .http
                .world()
                .count(
                    "SELECT count(*) FROM (SELECT sum(amount) AS s FROM posting_entry"
                        + " JOIN posting USING (posting_id) GROUP BY currency) AS a WHERE s <> 0"))
        .as("seed %d", seed)
        .isZero();
  }
}
