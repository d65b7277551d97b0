package io.billingsdk.server;

import io.billingsdk.server.broker.BrokerAddress;
import io.billingsdk.server.db.DatabaseAddress;
import io.billingsdk.server.http.HttpSettings;
import io.billingsdk.server.notifications.NotificationSettings;
import io.billingsdk.server.performance.RetentionPolicy;
import io.billingsdk.server.providers.ProviderSettings;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a server is started with.
 *
 * @param dataDirectory of this instance alone; made when absent
 * @param broker a broker elsewhere; null: one of our own, in this process
 * @param database a database elsewhere, by the login that the server works with; null: one of our
 *     own, under the data directory
 * @param owner the same database by the login that owns the tables, which migrates them and does
 *     nothing else; null: the login above does both
 * @param prefix of all topics
 * @param brokerPort of our own broker; 0 for any free one
 * @param databasePort of our own database; 0 for any free one
 * @param http where the HTTP API listens
 * @param notifications how webhooks and mails leave
 * @param providers the payment providers that it uses
 * @param sealKey the file of the key that seals ledger days; null: one of our own, under the data
 *     directory
 * @param retention how long the analytics keep what they are made of
 */
public record ServerSettings(
    Path dataDirectory,
    @Nullable BrokerAddress broker,
    @Nullable DatabaseAddress database,
    @Nullable DatabaseAddress owner,
    String prefix,
    int brokerPort,
    int databasePort,
    HttpSettings http,
    NotificationSettings notifications,
    ProviderSettings providers,
    @Nullable Path sealKey,
    RetentionPolicy retention) {

  /** One with a key for seals of its own. */
  public ServerSettings(
      Path dataDirectory,
      @Nullable BrokerAddress broker,
      @Nullable DatabaseAddress database,
      @Nullable DatabaseAddress owner,
      String prefix,
      int brokerPort,
      int databasePort,
      HttpSettings http,
      NotificationSettings notifications,
      ProviderSettings providers) {
    this(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        notifications,
        providers,
        null,
        RetentionPolicy.USUAL);
  }

  /** One without a payment provider. */
  public ServerSettings(
      Path dataDirectory,
      @Nullable BrokerAddress broker,
      @Nullable DatabaseAddress database,
      @Nullable DatabaseAddress owner,
      String prefix,
      int brokerPort,
      int databasePort,
      HttpSettings http,
      NotificationSettings notifications) {
    this(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        notifications,
        ProviderSettings.NONE);
  }

  /** One that sends no mail. */
  public ServerSettings(
      Path dataDirectory,
      @Nullable BrokerAddress broker,
      @Nullable DatabaseAddress database,
      @Nullable DatabaseAddress owner,
      String prefix,
      int brokerPort,
      int databasePort,
      HttpSettings http) {
    this(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        NotificationSettings.NONE);
  }

  /** Everything of our own. */
  public static ServerSettings in(Path dataDirectory) {
    return new ServerSettings(
        dataDirectory, null, null, null, "billing", 0, 0, HttpSettings.ANY_PORT);
  }

  /** The same with another HTTP API. */
  public ServerSettings with(HttpSettings other) {
    return new ServerSettings(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        other,
        notifications,
        providers,
        sealKey,
        retention);
  }

  /** The same with other payment providers. */
  public ServerSettings with(ProviderSettings others) {
    return new ServerSettings(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        notifications,
        others,
        sealKey,
        retention);
  }

  /** The same with the key for seals in a file elsewhere. */
  public ServerSettings withSealKey(@Nullable Path file) {
    return new ServerSettings(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        notifications,
        providers,
        file,
        retention);
  }

  /** The same with another policy of what the analytics keep. */
  public ServerSettings with(RetentionPolicy other) {
    return new ServerSettings(
        dataDirectory,
        broker,
        database,
        owner,
        prefix,
        brokerPort,
        databasePort,
        http,
        notifications,
        providers,
        sealKey,
        other);
  }
}
