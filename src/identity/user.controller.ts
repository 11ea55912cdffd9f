import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Query } from '@nestjs/common';
import { ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import type { Member } from '../store/identity/membership.store.js';
import { PageQuery, UuidPipe } from '../web/index.js';
import { Allow, CurrentPrincipal } from './allow.js';
import type { Principal } from './principal.js';
import { NewUserView, UserBody, UserChange, UserListView, UserView } from './user.dto.js';
import { UserService } from './user.service.js';

@ApiTags('users')
@Controller('api/v1/users')
export class UserController {
  constructor(private readonly users: UserService) {}

  @Get() @Allow('users:read')
  @ApiOperation({ summary: 'The people of the organization.' })
  @ApiOkResponse({ type: UserListView })
  async list(@CurrentPrincipal() principal: Principal, @Query() page: PageQuery): Promise<UserListView> {
    const { items, nextCursor } = await this.users.list(principal, page.cursor, page.limit);
    return { items: items.map(viewOf), nextCursor };
  }

  @Post() @Allow('users:write')
  @ApiOperation({ summary: 'Make someone a member of the organization.' })
  @ApiCreatedResponse({ type: NewUserView })
  async add(@CurrentPrincipal() principal: Principal, @Body() body: UserBody): Promise<NewUserView> {
    const { member, initialPassword } = await this.users.add(principal, body);
    return { ...viewOf(member), initialPassword };
  }

  @Patch(':id') @Allow('users:write')
  @ApiOperation({ summary: 'Change role, name or password of a member.' })
  @ApiOkResponse({ type: UserView })
  async change(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string, @Body() body: UserChange): Promise<UserView> {
    return viewOf(await this.users.change(principal, id, body));
  }

  @Delete(':id') @Allow('users:write') @HttpCode(204)
  @ApiOperation({ summary: 'Take someone out of the organization.' })
  @ApiNoContentResponse()
  async remove(@CurrentPrincipal() principal: Principal, @Param('id', UuidPipe) id: string): Promise<void> {
    await this.users.remove(principal, id);
  }
}

const viewOf = (member: Member): UserView => ({ id: member.id, email: member.email, name: member.name, role: member.role, createdAt: member.createdAt.toISOString() });
