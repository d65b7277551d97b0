/**
 * Meters and plans: how usage is measured, and what it costs. For other features and for commands.
 *
 * <p>The package owns the tables {@code meter}, {@code plan}, {@code plan_draft}, {@code
 * plan_version} and {@code plan_version_meter}.
 */
@NullMarked
package io.billingsdk.server.catalog;

import org.jspecify.annotations.NullMarked;
