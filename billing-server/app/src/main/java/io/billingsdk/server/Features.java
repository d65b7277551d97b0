package io.billingsdk.server;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.feature.Feature.Table;
import io.billingsdk.server.http.HttpApi.HttpContent;
import io.billingsdk.server.jobs.Job;
import io.billingsdk.server.ledger.LedgerAppender;
import io.billingsdk.server.outbox.OutboxSubscriber;
import java.util.List;
import java.util.Optional;

/**
 * The features of a server, and what they give together. Immutable.
 *
 * @param all in the order of their starts, and of their routes
 * @param appender the way into the ledger, with their hooks
 */
record Features(List<Feature> all, LedgerAppender appender) {
  /** Copies the list. */
  Features {
    all = List.copyOf(all);
  }

  /** The folders of their migrations on the class path. */
  List<String> migrations() {
    return all.stream().map(Feature::migrations).flatMap(Optional::stream).toList();
  }

  /** Their tables, each of one feature. */
  List<Table> tables() {
    return all.stream().flatMap(each -> each.tables().stream()).toList();
  }

  /** The names of the tables whose rows are added and never changed. */
  List<String> appendOnlyTables() {
    return tables().stream().filter(Table::isAppendOnly).map(Table::name).toList();
  }

  /** What they give to the HTTP API; once they are started. */
  HttpContent httpContent() {
    return new HttpContent(
        all.stream().flatMap(each -> each.routes().stream()).toList(),
        all.stream().flatMap(each -> each.pages().stream()).toList(),
        all.stream().flatMap(each -> each.metrics().stream()).toList(),
        all.stream().map(Feature::openApi).flatMap(Optional::stream).toList());
  }

  /** Their jobs; once they are started. */
  List<Job> jobs() {
    return all.stream().flatMap(each -> each.jobs().stream()).toList();
  }

  /** Who of them hears of domain events; once they are started. */
  List<OutboxSubscriber> subscribers() {
    return all.stream().flatMap(each -> each.subscribers().stream()).toList();
  }
}
