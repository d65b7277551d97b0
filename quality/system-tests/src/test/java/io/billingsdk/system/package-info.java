/**
 * The system as a whole. The test drives from outside: services that report, brokers, collectors
 * and PostgreSQL are processes of their own, which it kills; a history of what the services were
 * told is held against the ledger at the end.
 */
@NullMarked
package io.billingsdk.system;

import org.jspecify.annotations.NullMarked;
