package dev.slipway.store;

import dev.slipway.model.Deployment;
import dev.slipway.model.Environment;
import dev.slipway.model.Repository;
import java.sql.SQLException;
import java.time.Instant;

/**
 * A deployment as it is kept.
 *
 * @param id our own number
 * @param linkGeneration how often the links to its log page were revoked; older ones do not work
 * @param linkExpiresAt when they stop working
 */
public record StoredDeployment(
    long id, Deployment deployment, Instant acceptedAt, int linkGeneration, Instant linkExpiresAt) {
  static StoredDeployment of(Sql.Columns columns) throws SQLException {
    return new StoredDeployment(
        columns.number("id"),
        new Deployment(
            new Repository(
                columns.text("host"),
                columns.number("repository_id"),
                columns.text("repository"),
                columns.number("installation_id")),
            columns.optionalNumber("github_id"),
            columns.optionalText("sha"),
            columns.text("ref"),
            new Environment(
                columns.text("environment"),
                columns.flag("transient_environment"),
                columns.flag("production_environment")),
            columns.text("task"),
            columns.text("payload"),
            columns.text("description"),
            columns.text("creator"),
            columns.instant("created_at")),
        columns.instant("accepted_at"),
        (int) columns.number("link_generation"),
        columns.instant("link_expires_at"));
  }
}
