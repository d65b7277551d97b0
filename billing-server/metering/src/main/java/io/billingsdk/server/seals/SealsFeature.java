package io.billingsdk.server.seals;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.http.Route;
import io.billingsdk.server.jobs.Job;
import java.net.URL;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Seals of ledger days, and the job that makes them. */
public final class SealsFeature implements Feature {
  /** The tables of this feature; the doctor needs them without a server. */
  public static final List<Table> TABLES =
      List.of(Table.appendOnly("ledger_seal"), Table.appendOnly("ledger_seal_start"));

  /** The folder of its migrations. */
  public static final String MIGRATIONS = "io/billingsdk/server/seals/db";

  private final SealFiles files;
  private final SealFolder folder;
  private final DaySealing sealing;
  private final LedgerVerification verification;
  private @Nullable SealKeys keys;

  /**
   * In a database.
   *
   * @param database for the job and for what it shares with requests
   */
  public SealsFeature(Database database, SealFiles files) {
    this(database, files, InstantSource.system());
  }

  SealsFeature(Database database, SealFiles files, InstantSource clock) {
    this.files = files;
    this.folder = new SealFolder(files.folder());
    this.sealing = new DaySealing(database, this::keys, folder, clock);
    this.verification = new LedgerVerification(folder);
  }

  /** Those of this server, made when first asked for. */
  private synchronized SealKeys keys() {
    SealKeys known = keys;
    if (known == null) {
      known = SealKeys.of(files);
      folder.trust(known.publicKey());
      keys = known;
    }
    return known;
  }

  @Override
  public List<Table> tables() {
    return TABLES;
  }

  @Override
  public Optional<String> migrations() {
    return Optional.of(MIGRATIONS);
  }

  @Override
  public Optional<URL> openApi() {
    return Optional.ofNullable(getClass().getResource("seals.openapi.yaml"));
  }

  @Override
  public List<Route> routes() {
    return new SealRoutes(sealing, verification).routes();
  }

  @Override
  public List<Job> jobs() {
    return List.of(new SealJob(sealing));
  }

  /** A key that cannot be used keeps the server from its start, and not from its first seal. */
  @Override
  public void start() {
    var unused = keys();
  }
}
