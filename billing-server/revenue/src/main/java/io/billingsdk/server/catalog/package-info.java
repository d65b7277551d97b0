/** Meters and plans: how usage is measured, and what it costs. For other features. */
@NullMarked
package io.billingsdk.server.catalog;

import org.jspecify.annotations.NullMarked;
