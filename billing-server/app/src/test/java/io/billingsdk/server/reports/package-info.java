/** Tests of reports, on a real PostgreSQL. */
@NullMarked
package io.billingsdk.server.reports;

import org.jspecify.annotations.NullMarked;
